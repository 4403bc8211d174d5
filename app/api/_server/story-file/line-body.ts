import { durationText } from '#components/format/duration.ts';
import { offsetText } from '#components/orders/offset-text.ts';
import { envelopeOf, type StoryLine } from '#components/orders/story.ts';
import { kindNames, lineNote } from '#components/orders/story-look.ts';
import { type Html, html } from '#contracts/html.ts';

/** What lies behind a line: opens when its address (`#id`) is gone to. */
export function lineBody(line: StoryLine, originMs: number): Html {
  const note = lineNote(line);
  return html`<section class="body" id="${line.id}" aria-label="${kindNames[line.kind].one}: ${line.text}">
<a class="close" href="#story">Close</a><h3>${kindNames[line.kind].one} <code>${line.text}</code></h3>
<dl>${fact('Process', line.service)}${fact('At', `${offsetText(line.atMs - originMs)} s (${new Date(line.atMs).toISOString()})`)}${
    line.kind === 'log'
      ? null
      : fact('Lasted', line.endMs === null ? 'still going on' : durationText(line.endMs - line.atMs))
  }${note ? fact('Note', note) : null}${messageFacts(line)}</dl>
<pre>${JSON.stringify(bodyOf(line), null, 2)}</pre></section>
`;
}

function messageFacts(line: StoryLine): Html | null {
  if (line.kind !== 'message' && line.kind !== 'outbox' && line.kind !== 'inbox') return null;
  const { id, topic, partition, offset } = line.message;
  return html`${fact('Topic', `${topic} · partition ${partition ?? '?'} · offset ${offset ?? '?'}`)}${fact('Message', id)}${
    line.kind === 'inbox' ? fact('Consumer', `${line.reading.consumer}: ${line.reading.outcome}`) : null
  }`;
}

function fact(name: string, value: string): Html {
  return html`<dt>${name}</dt><dd>${value}</dd>`;
}

/** The line as data. Of a row that is the message: what else it holds is its service's own. */
function bodyOf(line: StoryLine): unknown {
  switch (line.kind) {
    case 'state':
      return { status: line.change.status, before: line.change.before, event: line.change.entry.event };
    case 'message':
    case 'outbox':
    case 'inbox': {
      const { id, event, topic, producer, entry } = line.message;
      return entry ? envelopeOf(entry) : { id, event, topic, producer };
    }
    case 'span': {
      const { resource: _resource, ...span } = line.span;
      return span;
    }
    case 'log':
      return line.log;
    default:
      return line satisfies never;
  }
}
