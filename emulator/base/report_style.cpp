#include "emulator/base/report_style.hpp"

namespace emulator {

std::string_view reportStyle()
{
    return R"css(
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1c2430; --soft: #5d6878; --rule: #d9dee6; --band: #eef1f6;
  --passed: #17743b; --failed: #b3261e; --invalid: #8a5300; --skipped: #5d6878;
  --tftp: #2457b0; --http: #7a3fb0; --syslog: #10707a; --dns: #8a5300; --unlit: #e6e9ee; --alarm: #fbe3e1; --slow: #e07b00; --fast: #d3261e; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12161c; --card: #1a2029; --ink: #e4e8ee; --soft: #9aa6b6; --rule: #323b48; --band: #222a35;
  --passed: #5fcf88; --failed: #ff8a80; --invalid: #f2b45c; --skipped: #9aa6b6;
  --tftp: #83b1ff; --http: #cb9bff; --syslog: #5fd0dc; --dns: #f2b45c; --unlit: #2b3441; --alarm: #45262a; --slow: #ff9d2e; --fast: #ff6b60; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 24px; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 0; display: inline; }
h3 { font-size: 14px; margin: 22px 0 8px; color: var(--soft); text-transform: uppercase; letter-spacing: .05em; }
p.about { color: var(--soft); margin: 0 0 20px; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: 3px; }
.counts { display: flex; flex-wrap: wrap; gap: 12px; margin: 0 0 20px; }
.count { background: var(--card); border: 1px solid var(--rule); border-left: 5px solid var(--soft); border-radius: 6px; padding: 8px 18px 8px 14px; min-width: 110px; }
.count b { display: block; font-size: 26px; line-height: 1.2; font-variant-numeric: tabular-nums; }
.count.passed { border-left-color: var(--passed); } .count.failed { border-left-color: var(--failed); }
.count.invalid { border-left-color: var(--invalid); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
.scroll > table { min-width: 760px; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; margin: 0 0 16px; padding: 4px 0; }
th { text-align: left; font-weight: 600; font-size: 13px; color: var(--soft); }
th, td { padding: 7px 14px; border-bottom: 1px solid var(--rule); vertical-align: top; }
tr:last-child > td { border-bottom: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.verdict { font-weight: 650; white-space: nowrap; }
details.case > summary { cursor: pointer; padding: 12px 16px; list-style: none; display: flex; gap: 14px; align-items: baseline; }
details.case > summary::-webkit-details-marker { display: none; }
details.case > summary::before { content: "\25B8"; color: var(--soft); }
details.case[open] > summary::before { content: "\25BE"; }
details.case > summary .side { margin-left: auto; color: var(--soft); white-space: nowrap; font-variant-numeric: tabular-nums; }
.inside { padding: 0 16px 12px; }
.facts { color: var(--soft); margin: 0 0 6px; }
code { font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
.tag { display: inline-block; border: 1px solid var(--rule); border-radius: 10px; padding: 0 8px; font-size: 12px; color: var(--soft); margin: 0 4px 2px 0; }
)css";
}

std::string_view reportScript()
{
    return R"js(
addEventListener('beforeprint', () => document.querySelectorAll('details.case').forEach(d => { d.open = true; }));
const openTarget = () => { const d = document.getElementById(location.hash.slice(1)); if (d && d.tagName === 'DETAILS') d.open = true; };
addEventListener('hashchange', openTarget); openTarget();
)js";
}

}  // namespace emulator
