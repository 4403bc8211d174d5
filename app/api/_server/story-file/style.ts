import { fileTokens } from '#contracts/file-tokens.ts';

/*
 * The look of an exported story. Zoom and filters are form controls that the style sheet
 * reads with :has(), bodies open with :target: the file needs no script and forbids all of them.
 */
/** Magnifications of the axis that can be chosen. */
export const zooms = [1, 2, 4, 8, 16] as const;

const properties = (theme: Record<string, string>) =>
  Object.entries(theme)
    .map(([name, value]) => `--${name}:${value};`)
    .join('');

const severities = `--severity-trace:var(--debug);--severity-debug:var(--debug);--severity-info:var(--info);--severity-warn:var(--warn);--severity-error:var(--error);--severity-fatal:var(--fatal);`;

export const styleSheet = (kinds: readonly string[]) => `
:root{color-scheme:light dark;${severities}${properties(fileTokens.light)}}
@media (prefers-color-scheme:dark){:root{${properties(fileTokens.dark)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--canvas);color:var(--text);font:13px/20px system-ui,sans-serif}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12px}
h1{margin:0;font-size:16px;line-height:24px}h2{margin:0;font-size:13px}
header,section.panel{margin:16px}
section.panel{border:1px solid var(--border);border-radius:8px;background:var(--surface)}
section.panel>h2{padding:9px 16px;border-bottom:1px solid var(--border)}
h2 small{font-weight:400;color:var(--text-tertiary);margin-left:8px}
dl.facts{display:flex;flex-wrap:wrap;gap:8px 24px;margin:8px 0 0}
dl.facts div{min-width:0}dt{color:var(--text-tertiary);font-size:12px}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:12px;width:100%}
th,td{padding:4px 8px;text-align:left;border-bottom:1px solid var(--border);white-space:nowrap}
th{color:var(--text-tertiary);font-weight:500}td.n{text-align:right;font-variant-numeric:tabular-nums}
a{color:var(--accent)}a:focus-visible,input:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
summary{padding:8px 16px;cursor:pointer}
fieldset{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:8px 16px;border:0}
legend{float:left;padding:0;margin-right:12px;color:var(--text-tertiary)}
label{display:inline-flex;align-items:center;gap:6px;min-height:24px}
.saga{display:block;margin:16px;max-width:none}
.axis{position:relative;min-width:640px;padding:0 0 8px}
.lane{display:grid;grid-template-columns:150px 1fr}
.lane>span{position:sticky;left:0;z-index:2;background:var(--surface);padding:0 8px 0 16px;font-size:12px;line-height:18px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.kind{padding:6px 16px 2px;margin-top:4px;border-top:1px solid var(--border);color:var(--text-tertiary);font-size:11px;line-height:16px}
.track{position:relative;margin-right:16px}
.lane.shades{position:absolute;inset:0}.lane.shades>span{background:none}.lane.shades>.track{height:100%}
.shade{position:absolute;top:0;bottom:0;border:dashed color-mix(in oklch,var(--fault) 50%,transparent);border-width:0 1px;background:color-mix(in oklch,var(--fault) 8%,transparent)}
.faults{padding:4px 16px 8px;border-top:1px solid var(--border)}.faults h3{margin:4px 0;font-size:12px;color:var(--text-secondary)}.faults ul{margin:0;padding-left:16px}
.tick{position:absolute;top:0;bottom:0;border-left:1px solid var(--border);padding-left:4px;font-size:11px;line-height:16px;color:var(--text-tertiary);white-space:nowrap}
.ruler{height:18px}
.bar{position:absolute;container-type:inline-size;height:16px;min-width:3px;overflow:hidden;padding:0 4px;border:1px solid var(--bar);border-radius:3px;background:color-mix(in oklch,var(--bar) 22%,var(--surface));color:var(--text);font-size:11px;line-height:14px;white-space:nowrap;text-decoration:none}
@container (max-width:32px){.bar span{display:none}}
.bar.dot{width:10px;height:10px;margin-left:-5px;padding:0;border-radius:50%;background:var(--bar)}
.bar:hover,.bar:focus-visible{z-index:1;background:color-mix(in oklch,var(--bar) 40%,var(--surface))}
.body{display:none;position:fixed;inset:0 0 0 auto;z-index:10;width:min(520px,100vw);overflow:auto;padding:16px;border-left:1px solid var(--border);background:var(--surface)}
.body:target{display:block}
.body h3{margin:0 48px 8px 0;font-size:13px;overflow-wrap:anywhere}
.body .close{position:absolute;top:12px;right:16px;padding:4px}
.body dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0 0 12px;font-size:12px}
pre{margin:0;padding:12px;border-radius:6px;background:var(--raised);white-space:pre-wrap;overflow-wrap:anywhere}
${zooms.map((zoom) => `body:has(#zoom-${zoom}:checked) .axis{width:${zoom * 100}%}`).join('\n')}
${kinds.map((kind) => `body:has(#kind-${kind}:not(:checked)) .of-${kind}{display:none}`).join('\n')}
@media print{.body{display:none!important}}
`;
