/** Tests for `promtool test rules`: each alert fires, stays quiet, and ends. */
import { spanMetrics } from '../slo/slo.ts';

const calls = (status: string, values: string) => ({
  series: `${spanMetrics.calls}{service_name="orders", span_kind="SPAN_KIND_SERVER", status_code="${status}"}`,
  values,
});

export function ruleTests(): object {
  const quiet = (time: string, alertname: string) => ({ eval_time: time, alertname, exp_alerts: [] });
  return {
    rule_files: ['slo.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        name: 'ten percent of errors page within minutes, and end when they do',
        interval: '1m',
        input_series: [
          calls('STATUS_CODE_UNSET', '0+540x90 48600+600x90'),
          calls('STATUS_CODE_ERROR', '0+60x90 5400+0x90'),
        ],
        promql_expr_test: firing('ErrorBudgetBurn1h', '30m', 1).concat(firing('ErrorBudgetBurn1h', '2h30m', 0)),
      },
      {
        name: 'no errors, no alert',
        interval: '1m',
        input_series: [calls('STATUS_CODE_UNSET', '0+600x120')],
        alert_rule_test: [quiet('1h', 'ErrorBudgetBurn1h'), quiet('1h', 'ErrorBudgetBurn6h')],
      },
      {
        name: 'errors at the pace of the objective do not page',
        interval: '1m',
        input_series: [calls('STATUS_CODE_UNSET', '0+10000x120'), calls('STATUS_CODE_ERROR', '0+5x120')],
        alert_rule_test: [quiet('1h', 'ErrorBudgetBurn1h')],
      },
      {
        name: 'silence is an alert of its own',
        interval: '1m',
        input_series: [calls('STATUS_CODE_UNSET', '0+600x10 _x30')],
        promql_expr_test: firing('TelemetryMissing', '5m', 0).concat(firing('TelemetryMissing', '35m', 1)),
      },
    ],
  };
}

function firing(alert: string, time: string, count: 0 | 1): object[] {
  const samples = count === 0 ? [] : [{ labels: '{}', value: 1 }];
  return [{ expr: `count(ALERTS{alertname="${alert}", alertstate="firing"})`, eval_time: time, exp_samples: samples }];
}
