/**
 * Attribute names, from OpenTelemetry semantic conventions 1.4x, plus ours under `orrery.`.
 * One file, so that emitters and queries cannot disagree.
 */
export const attributes = {
  serviceName: 'service.name',
  serviceVersion: 'service.version',
  serviceInstanceId: 'service.instance.id',
  deploymentEnvironment: 'deployment.environment.name',
  httpRequestMethod: 'http.request.method',
  httpResponseStatusCode: 'http.response.status_code',
  httpRoute: 'http.route',
  urlPath: 'url.path',
  /** Route of an HTTP client span, e.g. `/orders/:id`. */
  urlTemplate: 'url.template',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  rpcSystem: 'rpc.system',
  rpcService: 'rpc.service',
  rpcMethod: 'rpc.method',
  rpcGrpcStatusCode: 'rpc.grpc.status_code',
  dbSystem: 'db.system.name',
  dbNamespace: 'db.namespace',
  dbOperation: 'db.operation.name',
  dbCollection: 'db.collection.name',
  dbQueryText: 'db.query.text',
  dbResponseStatus: 'db.response.status_code',
  messagingSystem: 'messaging.system',
  messagingDestination: 'messaging.destination.name',
  messagingPartition: 'messaging.destination.partition.id',
  messagingOffset: 'messaging.kafka.offset',
  messagingKey: 'messaging.kafka.message.key',
  messagingMessageId: 'messaging.message.id',
  /** Messages that shared the transaction with this one, itself included; absent when it was alone. */
  messagingBatchCount: 'messaging.batch.message_count',
  messagingConsumerGroup: 'messaging.consumer.group.name',
  messagingOperationName: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  errorType: 'error.type',
  exceptionType: 'exception.type',
  exceptionMessage: 'exception.message',
  exceptionStacktrace: 'exception.stacktrace',
  genAiOperationName: 'gen_ai.operation.name',
  genAiProviderName: 'gen_ai.provider.name',
  genAiRequestModel: 'gen_ai.request.model',
  genAiInputTokens: 'gen_ai.usage.input_tokens',
  genAiDimensionCount: 'gen_ai.embeddings.dimension.count',
  /** Process name of the callee of a client span, set by the kit, so that edges can be drawn without guessing. */
  peerService: 'peer.service',
  /**
   * Process that the work of this span could not reach although no client span tells of it: the breaker was open, or no
   * connection could be made.
   */
  unreachable: 'orrery.unreachable',
  chaosFaultId: 'chaos.fault.id',
  chaosFaultKind: 'chaos.fault.kind',
  orderId: 'orrery.order.id',
  sagaId: 'orrery.saga.id',
  sagaStyle: 'orrery.saga.style',
  eventName: 'orrery.event.name',
  /** True on a consumer span whose message had been handled before: the inbox absorbed it. */
  duplicate: 'orrery.message.duplicate',
  /** Milliseconds between the outbox row's commit and its acknowledgement by the broker. */
  outboxDelayMs: 'orrery.outbox.delay_ms',
} as const;

export type AttributeName = (typeof attributes)[keyof typeof attributes];
