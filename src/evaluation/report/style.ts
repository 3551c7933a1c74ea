import { Html } from './html';

/** Light and dark by the reader's setting. Color always has a meaning, and is never the only sign of it. */
const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--sheet:#fff;--ink:#1d2125;--soft:#5a6068;--line:#e7e4db;--blue:#0072b2;--good:#00714f;--harm:#b03f00}
@media (prefers-color-scheme:dark){:root{--paper:#15171a;--sheet:#1c1f23;--ink:#e9e7e2;--soft:#a6abb2;--line:#2a2e33;--blue:#56b4e9;--good:#4cc9a1;--harm:#ff9562}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1040px;padding:32px 24px 64px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}
h2{font-size:18px;margin:40px 0 8px}
h3{font-size:15px;margin:20px 0 4px}
p{margin:0 0 8px}
.soft{color:var(--soft)}
.small{font-size:13px}
.head{display:flex;flex-wrap:wrap;gap:8px 40px;margin:24px 0 8px}
.tile span{display:block}
.big{font-size:30px;line-height:1.15;letter-spacing:-.02em}
table{border-collapse:collapse;width:100%;font-size:13px}
caption{text-align:left;color:var(--soft);padding-bottom:4px}
th,td{text-align:left;font-weight:400;padding:4px 12px 4px 0;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
thead th{color:var(--soft);border-top:0;overflow-wrap:break-word}
.n{text-align:right;white-space:nowrap}
thead .n{white-space:normal}
.bar{width:180px;min-width:120px}
.met{color:var(--good)}
.harm{color:var(--harm)}
details{border-top:1px solid var(--line);padding:6px 0}
summary{cursor:pointer}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 system-ui,sans-serif;background:var(--sheet);border:1px solid var(--line);border-radius:6px;padding:10px;margin:4px 0}
svg{max-width:100%;height:auto}
svg text{fill:var(--soft);font-size:12px}
`;

/** Our own text, whose quotes must not be escaped. */
export const styleElement = new Html(`<style>${STYLE}</style>`);
