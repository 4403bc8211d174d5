import { readFileSync } from 'node:fs';
import { HttpResponse, http } from 'msw';

/** Answers of a real Prometheus, by record-prometheus.ts: what was asked, and what it said. */
export type Recording = {
  recorded: { prometheus: string; collector: string };
  /** When it was asked, epoch milliseconds. */
  atMs: number;
  answers: { question: string; answer: object }[];
};

const file = new URL('recordings/prometheus.json', import.meta.url);

export function readRecording(): Recording {
  return JSON.parse(readFileSync(file, 'utf8')) as Recording;
}

/** A question as it is recorded: path and parameters. */
export function questionOf(url: URL): string {
  return `${url.pathname}?${[...url.searchParams].map(([name, value]) => `${name}=${value}`).join('&')}`;
}

/** Says again what Prometheus said; a question that was not recorded is an error that shows it. */
export function recordedPrometheus(url: string, { answers }: Recording) {
  return [
    http.get(`${url}/-/ready`, () => HttpResponse.text('Prometheus Server is Ready.\n')),
    http.get(`${url}/api/v1/*`, ({ request }) => {
      const question = questionOf(new URL(request.url));
      const found = answers.find((one) => one.question === question);
      if (found === undefined)
        return new HttpResponse(`not recorded, run record-prometheus.ts: ${question}`, { status: 400 });
      return HttpResponse.json(found.answer);
    }),
  ];
}
