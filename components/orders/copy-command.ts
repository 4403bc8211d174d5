import { type OrderDraft, toBody } from './order-draft.ts';

export type Endpoints = { gateway: string; identity: string; home: string; containers: boolean };

/** The order as a shell script with curl: a token of the `cli` client first, then the request. */
export function asCurl(draft: OrderDraft, endpoints: Endpoints, idempotencyKey: string): string {
  const { gateway, identity } = endpoints;
  const token = `curl -s -u "cli:$(${secretCommand(endpoints)})" -d grant_type=client_credentials ${identity}/token`;
  return [
    `TOKEN=$(${token} | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')`,
    `curl -i ${gateway}/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H ${quote(`Idempotency-Key: ${idempotencyKey}`)} -d ${quote(JSON.stringify(toBody(draft)))}`,
  ].join('\n');
}

/** Prints the secret of the `cli` client. In containers only the supervisor's own has it; what is read there is not to be the next line of the script. */
function secretCommand({ home, containers }: Endpoints): string {
  return containers
    ? `docker compose -f compose/compose.yaml exec -T supervisor /nodejs/bin/node -p "fs.readFileSync('/run/orrery/IDENTITY_CLIENT_SECRET', 'utf8')" </dev/null`
    : `sed -n 's/.*"cliClientSecret": *"\\([^"]*\\)".*/\\1/p' ${quote(`${home}/launch.json`)}`;
}

/** The same order by the CLI. */
export function asCli({ customerId, items, payment, sagaStyle, paymentTimeoutMs }: OrderDraft): string {
  const lines = items.map(({ sku, qty }) => `--item ${sku}:${qty}`).join(' ');
  const saga = sagaStyle === undefined ? '' : ` --saga ${sagaStyle}`;
  const due = paymentTimeoutMs === undefined ? '' : ` --pay-within ${paymentTimeoutMs}`;
  return `npm run orrery -- order ${lines} --customer ${customerId} --payment ${payment}${saga}${due} --wait`;
}

/** A word for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
