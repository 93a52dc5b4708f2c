#include "hwbridge/compare/comparison_style.hpp"

namespace hwbridge {

std::string_view comparisonStyle()
{
    return R"css(
details.diff { border-left: 5px solid var(--failed); }
details.diff.timing { border-left-color: var(--invalid); } details.diff.order { border-left-color: var(--http); }
details.diff h2 { overflow-wrap: anywhere; }
.values { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
.value { background: var(--band); border-radius: 6px; padding: 8px 12px; overflow-wrap: anywhere; }
.value code { display: block; margin-top: 2px; white-space: pre-wrap; } .value .place { color: var(--soft); font-size: 13px; }
.value.none { background: none; border: 1px dashed var(--rule); }
mark { background: var(--alarm); color: var(--failed); border-radius: 3px; padding: 0 1px; }
.followers td { padding: 4px 10px; overflow-wrap: anywhere; } .followers td:first-child { white-space: nowrap; }
i { font-style: normal; } .value i, .followers i { color: var(--soft); font-style: italic; }
.gauge { width: 30%; } .gauge i { display: block; height: 10px; margin-top: 6px; border-radius: 5px; background: var(--passed); min-width: 2px; }
.twin { min-width: 860px; padding: 8px 16px 16px; font-size: 12.5px; }
.slot { display: grid; grid-template-columns: 1fr 1fr; column-gap: 28px; border-left: 4px solid transparent; scroll-margin-top: 40px; }
.slot.heads { font-weight: 650; padding: 4px 0 6px; } .slot.heads div { border-bottom: 1px solid var(--rule); padding-left: 66px; }
.slot.heads span { color: var(--soft); font-weight: 400; margin-left: 8px; font-variant-numeric: tabular-nums; }
.slot.root { background: var(--alarm); border-left-color: var(--failed); } .slot.follows { background: var(--band); border-left-color: var(--invalid); }
.slot:target { outline: 2px solid var(--tftp); outline-offset: -2px; }
.slot .side { padding: 2px 0; min-width: 0; }
.slot .side.void { margin: 3px 8px 3px 66px; border: 1px dashed var(--soft); border-radius: 4px; color: var(--soft); display: flex; align-items: center; justify-content: center; }
.slot .side.void p { margin: 0; }
.m { display: grid; grid-template-columns: 58px 1fr; column-gap: 8px; min-height: 25px; color: var(--soft); }
.m i { text-align: right; font-size: 11px; padding-top: 6px; font-variant-numeric: tabular-nums; color: var(--soft); }
.m span { position: relative; display: block; padding: 2px 14px 5px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
  border-left: 2px solid var(--rule); border-right: 2px solid var(--rule); }
.m.in span { text-align: right; }
.m span::after { content: ""; position: absolute; left: 2px; right: 2px; bottom: 3px; border-bottom: 1.5px solid currentColor; opacity: .75; }
.m.out span::before, .m.in span::before { content: ""; position: absolute; bottom: 0; border: 4px solid transparent; }
.m.out span::before { right: 0; border-left: 7px solid currentColor; border-right: 0; }
.m.in span::before { left: 0; border-right: 7px solid currentColor; border-left: 0; }
.m.note span::after { display: none; } .m.note span::before { content: ""; position: absolute; left: -5px; top: 8px; width: 8px; height: 8px; border-radius: 50%; background: currentColor; }
.m.note span { overflow: visible; } .m.more span::after { display: none; }
.m.http { color: var(--http); } .m.tftp { color: var(--tftp); } .m.syslog { color: var(--syslog); } .m.dns { color: var(--dns); } .m.sip { color: var(--passed); }
.badges { grid-column: 1 / -1; padding: 2px 0 6px 66px; } .badges a { display: inline-block; border: 1px solid var(--soft); border-radius: 10px; padding: 0 8px; font-size: 12px;
  text-decoration: none; color: var(--soft); background: var(--card); margin-right: 4px; } .badges a.first { border-color: var(--failed); color: var(--failed); font-weight: 650; }
.gap { text-align: center; color: var(--soft); border: 1px dashed var(--rule); border-left: 0; border-right: 0; background: var(--band); margin: 6px 0; padding: 2px; }
@media (max-width: 700px) { .values { grid-template-columns: 1fr; } }
)css";
}

}  // namespace hwbridge
