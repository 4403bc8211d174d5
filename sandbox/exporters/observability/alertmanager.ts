/** Pages at once, tickets in batches; a ticket about what already pages is noise. Receivers are named, not configured. */
export function alertmanagerConfig(): object {
  return {
    route: {
      receiver: 'tickets',
      group_by: ['alertname', 'service_name'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '12h',
      routes: [{ receiver: 'pages', matchers: ['severity="page"'], group_wait: '10s', repeat_interval: '1h' }],
    },
    inhibit_rules: [
      { source_matchers: ['severity="page"'], target_matchers: ['severity="ticket"'], equal: ['service_name'] },
    ],
    receivers: [{ name: 'pages' }, { name: 'tickets' }],
  };
}
