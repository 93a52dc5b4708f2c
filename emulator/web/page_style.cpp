#include "emulator/web/page_style.hpp"

namespace emulator {

std::string_view pageStyle()
{
    return R"css(
:root{color-scheme:light dark;--page:#f3f5f7;--card:#fff;--line:#d3dae1;--field:#fff;--edge:#8a98a6;--text:#16222d;
--soft:#536472;--link:#0a6590;--bar:#10394f;--barsoft:#b9d3e1;--tint:#e3f0f7;--good:#1c6b3c;--goodbg:#e4f4ea;
--bad:#a3231c;--badbg:#fcebe9;--warnbg:#fff5dc;--warn:#76520a}
@media (prefers-color-scheme:dark){:root{--page:#10161b;--card:#182027;--line:#2d3943;--field:#10161b;--edge:#62727f;
--text:#e2e9ee;--soft:#9aabb8;--link:#6cc3ee;--bar:#0b2a3b;--barsoft:#9fc3d6;--tint:#1b3342;--good:#83d6a2;
--goodbg:#15301f;--bad:#ff9c94;--badbg:#3a1917;--warnbg:#352a10;--warn:#f1cd7a}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.45 system-ui,"Segoe UI","DejaVu Sans",sans-serif}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
header{background:var(--bar);color:#fff;padding:14px 24px;display:flex;flex-wrap:wrap;gap:8px 32px;align-items:center}
header a{color:#fff}header :focus-visible{outline-color:#fff}
.product{font-size:20px;font-weight:600;text-decoration:none;line-height:1.2}
.product small{display:block;font-size:12px;font-weight:400;color:var(--barsoft)}
.facts{display:flex;flex-wrap:wrap;gap:4px 24px;margin:0;font-size:13px}
.facts dt{color:var(--barsoft);font-size:11px}.facts dd{margin:0;font-variant-numeric:tabular-nums}
.level{margin-left:auto;display:flex;gap:16px;font-size:13px}
.level b{font-weight:600;border-bottom:2px solid #fff}
.body{display:grid;grid-template-columns:190px minmax(0,1fr);max-width:1440px;margin:0 auto}
.tabs{padding:20px 8px 20px 24px;font-size:14px}
.tabs h2{font-size:12px;color:var(--soft);margin:0 0 4px 10px;font-weight:600}
.tabs ul{list-style:none;margin:0 0 18px;padding:0}
.tabs a{display:block;padding:5px 10px;border-radius:6px;color:var(--text);text-decoration:none}
.tabs a:hover{background:var(--tint)}
main{padding:20px 24px 40px 16px;min-width:0}
h1{font-size:20px;margin:0 0 14px;font-weight:600}h1 span{color:var(--soft);font-weight:400}
.tab{display:none;scroll-margin-top:100vh}
.tab:target,.tab:has(:target){display:block}
@supports not selector(:has(a)){.tab{display:block}}
fieldset,.card{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:0 0 16px;padding:14px 18px;
min-width:0}
fieldset{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:10px 32px;
padding-top:46px;position:relative}
legend,.card h2{font-size:14px;font-weight:600;margin:0;padding:0}
legend{position:absolute;top:13px;left:18px}
.card h2{margin-bottom:8px}.card p{margin:0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:0 16px;align-items:start}
.field{display:grid;grid-template-columns:minmax(0,11.5em) minmax(0,1fr);gap:2px 12px;align-items:start}
.wide{grid-column:1/-1}
.field>label{color:var(--soft);font-size:14px;overflow-wrap:anywhere;padding-top:6px;line-height:1.3}
input,select,button{font:inherit;color:inherit}
input:not([type=checkbox]),select{width:100%;padding:5px 8px;border:1px solid var(--edge);border-radius:5px;
background:var(--field);min-height:34px}
input:disabled,select:disabled{opacity:.6}
input:user-invalid,.refused input,.refused select{border-color:var(--bad);box-shadow:0 0 0 1px var(--bad)}
.field small{grid-column:2;color:var(--soft);font-size:12px;overflow-wrap:anywhere}
.refused small.why{color:var(--bad)}
.clear{display:flex;gap:6px;align-items:center}
.actions{display:none;position:sticky;bottom:0;gap:12px;padding:12px 16px;background:var(--card);
border:1px solid var(--line);border-radius:8px}
form:has(:target) .actions{display:flex}
@supports not selector(:has(a)){.actions{display:flex}}
button,.button{display:inline-block;padding:7px 16px;border-radius:6px;border:1px solid var(--edge);
background:transparent;cursor:pointer;text-decoration:none;color:var(--text)}
button:hover,.button:hover{background:var(--tint)}
button.main{background:var(--link);border-color:var(--link);color:var(--card);font-weight:600}
button.main:hover{filter:brightness(1.1)}
button.danger{border-color:var(--bad);color:var(--bad)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:5px 12px 5px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
tr:first-child>th,tr:first-child>td{border-top:0}
th{font-weight:400;color:var(--soft);width:13em}
thead th{font-size:12px;width:auto}
.none{color:var(--soft)}
.note{border-radius:8px;padding:12px 18px;margin:0 0 16px;background:var(--tint);overflow-wrap:anywhere}
.note.good{background:var(--goodbg);color:var(--good)}
.note.bad{background:var(--badbg);color:var(--bad)}
.note.bad a{color:inherit}
.note.warn{background:var(--warnbg);color:var(--warn)}
.note p,.note ul{margin:4px 0}.note ul{padding-left:20px}
.row{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0;align-items:center}
.row input{flex:1 1 260px;width:auto}.row label,.row span{flex:0 0 9em;color:var(--soft)}.row button{flex:0 0 6.5em}
code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.92em;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:12px;padding:0 24px 24px;max-width:1440px;margin:0 auto}
@media (max-width:760px){
header{padding:12px 16px;gap:8px 20px}.level{margin-left:0}
.body{display:block}
.tabs{padding:12px 16px 0}.tabs ul{display:flex;flex-wrap:wrap;gap:2px;margin-bottom:8px}
.tabs h2{margin-left:8px}.tabs a{padding:7px 8px}
main{padding:12px 16px 32px}
fieldset,.card{padding-left:14px;padding-right:14px}legend{left:14px}
.field{grid-template-columns:minmax(0,1fr)}.field small{grid-column:1}.field>label{padding:0}
.actions{gap:8px;padding:10px}.actions button{flex:1 1 auto;padding:7px 8px;font-size:14px;white-space:nowrap}
th{width:42%}
}
)css";
}

}  // namespace emulator
