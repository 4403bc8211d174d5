import type { SagaStyle } from '#contracts/http/orders.ts';

export const sagaStyles = ['choreography', 'orchestration'] as const satisfies readonly SagaStyle[];

/** How a style is called and drawn. In charts the second is hatched: bars differ by more than colour. */
export const styleLooks: Record<SagaStyle, { title: string; story: string; colour: string; dash: string }> = {
  choreography: {
    title: 'Choreography',
    story: 'Each service reacts to the events of the others.',
    colour: 'var(--service-1)',
    dash: '0',
  },
  orchestration: {
    title: 'Orchestration',
    story: 'Orders runs the saga: it sends commands and takes the events as replies.',
    colour: 'var(--service-6)',
    dash: '5 3',
  },
};
