import type { ExportFile } from '#contracts/sandbox/export.ts';
import { jsonFile, textFile, yamlFile } from '../file.ts';
import type { PlacedObject } from '../kubernetes/object.ts';
import { objectsOf } from '../kubernetes/objects.ts';
import type { Plan } from '../plan.ts';
import { toYaml } from '../yaml.ts';
import { chartSettings } from './chart-settings.ts';
import { createMarks, type Marks } from './marks.ts';
import { defaultValues, stageValues, valuesSchema } from './values.ts';

const folder = 'helm/orrery';

/** `helm/orrery`: renders the base by default and a stage with its values file. */
export function helmFiles(plan: Plan): ExportFile[] {
  const marks = createMarks();
  const placed = objectsOf(plan, chartSettings(plan, marks)).filter(({ object }) => object.kind !== 'Namespace');
  return [
    yamlFile(`${folder}/Chart.yaml`, chart(plan)),
    yamlFile(`${folder}/values.yaml`, defaultValues(plan), 'Defaults are what Kustomize builds as kubernetes/base.'),
    jsonFile(`${folder}/values.schema.json`, valuesSchema(plan)),
    ...plan.options.overlays.map((stage) => yamlFile(`${folder}/values-${stage}.yaml`, stageValues(plan, stage))),
    textFile(`${folder}/.helmignore`, 'README.md\n*.tgz'),
    textFile(`${folder}/templates/_helpers.tpl`, helpers),
    textFile(`${folder}/templates/NOTES.txt`, notes(plan)),
    ...placed.map((part) => template(part, marks)),
  ];
}

function chart({ options }: Plan): object {
  const version = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(options.tag) ? options.tag : '0.1.0';
  return {
    apiVersion: 'v2',
    name: 'orrery',
    description: 'Orders, inventory, pricing, billing, inference and workers behind a gateway',
    type: 'application',
    version,
    appVersion: options.tag,
    kubeVersion: '>=1.33.0-0',
  };
}

function template({ place, object }: PlacedObject, marks: Marks): ExportFile {
  const text = marks.resolve(toYaml(object));
  const condition = conditionOf(object.kind);
  const content = condition === null ? text : `{{- if ${condition} }}\n${text}{{- end }}\n`;
  return { path: `${folder}/templates/${place}.yaml`, content };
}

/** Kinds that a user of the chart may switch off. */
function conditionOf(kind: string): string | null {
  if (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject') return '.Values.autoscaling.enabled';
  if (kind === 'HTTPRoute' || kind === 'Ingress') return '.Values.route.enabled';
  return null;
}

const helpers = `
{{/* The one image that every service runs from. */}}
{{- define "orrery.image" -}}
{{ .Values.image.registry }}/orrery:{{ .Values.image.tag }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end -}}
`;

function notes({ options }: Plan): string {
  return `
Orrery ${options.tag} is installed in {{ .Release.Namespace }}.
{{- if not .Values.image.digest }}
The image has no digest: set image.digest, so that what runs cannot change under its tag.
{{- end }}
The chart makes no Namespace: label yours pod-security.kubernetes.io/enforce=restricted.
`;
}
