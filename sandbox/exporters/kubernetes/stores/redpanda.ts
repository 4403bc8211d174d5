import { images } from '../../../compose/images.ts';
import { storePorts } from '../../stores.ts';
import { exec, storeProbes } from './probes.ts';
import type { Store } from './store.ts';

/** The account that owns the programs' folders in the image. */
const imageAccount = 101;
const self = '$(POD_NAME).redpanda.$(POD_NAMESPACE).svc.cluster.local';
const field = (name: string, fieldPath: string) => ({
  name,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
});

/** One broker. The topics Job makes the topics, with the one replica that there can be. */
export const redpanda: Store = {
  name: 'redpanda',
  component: 'broker',
  image: images.broker,
  account: imageAccount,
  ports: { kafka: storePorts.redpanda, admin: 9644, rpc: 33_145 },
  container: {
    args: [
      'redpanda',
      'start',
      '--smp=1',
      '--memory=1536M',
      '--reserve-memory=0M',
      '--overprovisioned',
      '--default-log-level=warn',
      // A name that is misspelt must not become a topic.
      '--set=redpanda.auto_create_topics_enabled=false',
      `--kafka-addr=internal://0.0.0.0:${storePorts.redpanda}`,
      // Clients are told the full name: some of them are in other namespaces.
      `--advertise-kafka-addr=internal://${self}:${storePorts.redpanda}`,
      '--rpc-addr=0.0.0.0:33145',
      `--advertise-rpc-addr=${self}:33145`,
    ],
    env: [
      field('POD_NAME', 'metadata.name'),
      field('POD_NAMESPACE', 'metadata.namespace'),
      // Where rpk keeps what it remembers.
      { name: 'HOME', value: '/tmp' },
    ],
  },
  // `rpk cluster health` ends with 0 for a cluster that is ill, too.
  probes: storeProbes(exec('/bin/sh', '-c', "rpk cluster health | grep -qE 'Healthy:.+true'"), 'kafka'),
  resources: {
    requests: { cpu: '500m', memory: '2Gi', 'ephemeral-storage': '64Mi' },
    limits: { cpu: '1', memory: '2Gi', 'ephemeral-storage': '256Mi' },
  },
  data: { mountPath: '/var/lib/redpanda/data', storage: '20Gi' },
  // It writes the configuration that its arguments make.
  scratch: { tmp: '/tmp', configuration: '/etc/redpanda' },
  secretFiles: [],
  exemptions: {
    'kube-score/ignore': 'container-security-context-user-group-id',
    'checkov.io/skip2': 'CKV_K8S_40=the image is made for its own account',
  },
};
