import { fileTokens } from '#contracts/file-tokens.ts';

const properties = (theme: Record<string, string>) =>
  Object.entries(theme)
    .map(([name, value]) => `--${name}:${value};`)
    .join('');

/** The look of a report: the console's, without a script and without a font to fetch. */
export const styleSheet = `
:root{color-scheme:light dark;${properties(fileTokens.light)}}
@media (prefers-color-scheme:dark){:root{${properties(fileTokens.dark)}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1080px;background:var(--canvas);color:var(--text);font:13px/20px system-ui,sans-serif}
code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12px}
h1{margin:0;font-size:20px;line-height:28px}h2{margin:0;font-size:13px}h3{margin:12px 0 2px;font-size:13px}
header,section{margin:16px}
section{border:1px solid var(--border);border-radius:8px;background:var(--surface)}
section>h2{padding:9px 16px;border-bottom:1px solid var(--border)}
h2 small{font-weight:400;color:var(--text-tertiary);margin-left:8px}
p,ul,.text{margin:8px 16px}header p{margin:8px 0;max-width:80ch;color:var(--text-secondary)}
ul{padding-left:16px}li{margin:2px 0;overflow-wrap:anywhere}
dl{display:flex;flex-wrap:wrap;gap:8px 24px;margin:8px 0 0}section dl{margin:12px 16px}dt{color:var(--text-tertiary);font-size:12px}dd{margin:0}
.outcome{display:inline-block;padding:1px 8px;border:1px solid var(--key);border-radius:4px;color:var(--key);font-weight:600}
.scroll{overflow-x:auto}.scroll table{min-width:640px}
table{border-collapse:collapse;font-size:12px;width:100%}
th,td{padding:5px 8px;text-align:left;vertical-align:top;border-bottom:1px solid var(--border)}
th:first-child,td:first-child{padding-left:16px}tr:last-child td{border-bottom:0}
th{color:var(--text-tertiary);font-weight:500;white-space:nowrap}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td code{white-space:nowrap}
.ok{color:var(--ok)}.error{color:var(--error)}.warn{color:var(--warn)}.quiet{color:var(--text-secondary)}
.axis{display:block;margin:16px;max-width:none}
.tick{fill:var(--text-tertiary);font-size:11px}.lane{fill:var(--text);font-size:11px}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;color:var(--text-secondary);font-size:12px}
.legend span::before{content:"";display:inline-block;width:10px;height:10px;margin-right:6px;border-radius:2px;background:var(--key)}
summary{padding:8px 16px;cursor:pointer}
summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.timeline{max-width:760px}
@media print{details{display:block}}
`;
