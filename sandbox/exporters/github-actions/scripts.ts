import { allCalls, burnRates, errorBudget, failedCalls } from '../slo/slo.ts';

export const smokeScript = `
#!/usr/bin/env bash
# Is the stage at BASE_URL up, and does it guard what it should? Ends non-zero with the reason.
set -euo pipefail
: "\${BASE_URL:?set the environment variable BASE_URL of this stage, e.g. https://shop.example.com}"

curl --fail --silent --show-error --retry 30 --retry-delay 10 --retry-all-errors "$BASE_URL/health/ready" > /dev/null
curl --fail --silent --show-error "$BASE_URL/products" | jq --exit-status '.items | length > 0' > /dev/null
status=$(curl --silent --output /dev/null --write-out '%{http_code}' "$BASE_URL/orders")
if [ "$status" != 401 ]; then
  echo "orders without a token answered $status instead of 401" >&2
  exit 1
fi
echo "the stage is up"
`;

/** The same bound as the AnalysisTemplate and the fastest alert. */
const limit = Number((errorBudget * burnRates[0].factor).toFixed(6));

export const canaryScript = `
#!/usr/bin/env bash
# Watches the error ratio of every service for five minutes after a rollout. No traffic is no objection.
set -euo pipefail
: "\${PROMETHEUS_URL:?set the environment variable PROMETHEUS_URL of this stage}"

query='max((${failedCalls('5m')}) / (${allCalls('5m')}))'
for minute in 1 2 3 4 5; do
  sleep 60
  ratio=$(curl --fail --silent --show-error --get --data-urlencode "query=$query" "$PROMETHEUS_URL/api/v1/query" |
    jq --raw-output '.data.result[0].value[1] // "0"')
  echo "minute $minute: error ratio $ratio"
  if ! jq --null-input --exit-status --arg ratio "$ratio" '($ratio | tonumber? // 0) < ${limit}' > /dev/null; then
    echo "the error ratio $ratio is above ${limit}: roll back by reverting the promotion commit" >&2
    exit 1
  fi
done
`;
