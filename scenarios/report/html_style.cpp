#include "scenarios/report/html_style.hpp"

namespace scenarios {

std::string_view htmlReportStyle()
{
    return R"css(
.verdict.passed, .verdict.met { color: var(--passed); } .verdict.failed { color: var(--failed); }
.verdict.invalid, .verdict.unobserved { color: var(--invalid); } .verdict.skipped, .verdict.not-run, .verdict.done { color: var(--soft); }
.cause { border-left: 4px solid var(--failed); background: var(--band); margin: 6px 0; padding: 8px 12px; overflow-wrap: anywhere; border-radius: 0 6px 6px 0; }
.cause.invalid { border-left-color: var(--invalid); } .cause.skipped, .cause.notice { border-left-color: var(--soft); }
.steps td { padding: 5px 10px; } .steps th { padding: 5px 10px; }
.steps .what { overflow-wrap: anywhere; }
.steps .seen { color: var(--failed); font-size: 14px; overflow-wrap: anywhere; } .steps .seen ul { margin: 2px 0 0; padding-left: 20px; }
.steps .seen.unobserved { color: var(--invalid); }
.steps tr.action .what { font-weight: 600; }
.phones > input { position: absolute; opacity: 0; pointer-events: none; }
.phones > label { display: inline-block; border: 1px solid var(--rule); border-radius: 14px; padding: 1px 12px; margin: 0 6px 8px 0; cursor: pointer; font-size: 13px; }
.phones > label.failed { color: var(--failed); border-color: var(--failed); }
.phones > input:checked + label { background: var(--ink); color: var(--card); border-color: var(--ink); }
.phones > input:focus-visible + label { outline: 2px solid var(--tftp); outline-offset: 2px; }
.pane { display: none; }
.legend { color: var(--soft); font-size: 13px; margin: 0 0 6px; }
.legend.key { margin-left: -12px; }
.legend i { display: inline-block; width: 22px; height: 0; border-top: 3px solid; vertical-align: middle; margin: 0 4px 0 12px; }
.legend i.light { height: 12px; width: 5px; border: 0; }
svg.ladder { display: block; font: 12.5px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.ladder text { fill: var(--ink); } .ladder .lane { stroke: var(--rule); stroke-width: 2; }
.ladder .head { fill: var(--band); stroke: var(--rule); } .ladder .head.phone { stroke: var(--soft); stroke-width: 1.5; }
.ladder .title { text-anchor: middle; font-weight: 650; }
.ladder .time { text-anchor: end; fill: var(--soft); font-size: 11.5px; font-variant-numeric: tabular-nums; }
.ladder .band { fill: var(--band); } .ladder .band.bad { fill: var(--alarm); }
.ladder .cut { fill: var(--band); stroke: var(--rule); stroke-dasharray: 4 4; }
.ladder .pause { stroke: var(--card); stroke-width: 3; stroke-dasharray: 3 3; }
.ladder .gone { text-anchor: end; fill: var(--soft); font-style: italic; font-size: 11.5px; }
.ladder .small { text-anchor: middle; fill: var(--soft); font-size: 9.5px; letter-spacing: .04em; }
.ladder .dark { fill: var(--unlit); } .ladder .seam { fill: var(--card); } .ladder .crack { fill: none; stroke: var(--soft); }
.ladder .step { font-weight: 600; font-size: 12px; } .ladder .step.bad { fill: var(--failed); } .ladder .step.good { fill: var(--passed); }
.ladder .note { fill: var(--soft); paint-order: stroke; stroke: var(--card); stroke-width: 4px; } .ladder .note.left { text-anchor: end; } .ladder .note.bad { fill: var(--failed); }
.ladder .dot { fill: var(--soft); } .ladder .dot.bad { fill: var(--failed); }
.ladder .arrow { stroke: var(--ink); stroke-width: 1.5; } .ladder .tip { fill: var(--ink); }
.ladder .arrow.tftp { stroke: var(--tftp); } .ladder .tip.tftp { fill: var(--tftp); }
.ladder .arrow.http { stroke: var(--http); } .ladder .tip.http { fill: var(--http); }
.ladder .arrow.syslog { stroke: var(--syslog); } .ladder .tip.syslog { fill: var(--syslog); }
.ladder .arrow.dns { stroke: var(--dns); } .ladder .tip.dns { fill: var(--dns); }
.ladder .arrow.bad { stroke: var(--failed); } .ladder .tip.bad { fill: var(--failed); } .ladder .label.bad { fill: var(--failed); }
.ladder .arrow.lost { stroke-dasharray: 6 5; } .ladder .cross { fill: none; stroke: var(--failed); stroke-width: 2; }
.ladder .arrow.fold { stroke-dasharray: 2 5; } .ladder .label.fold { fill: var(--soft); font-style: italic; }
.ladder .label { paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.ladder .slow { fill: var(--slow); } .ladder .fast { fill: var(--fast); }
@media print { body { background: none; font-size: 11px; } main { max-width: none; padding: 0; }
  .card { border-color: #999; } .scroll > table { min-width: 0; } .phones > label, details.case > summary::before { display: none; }
  svg.ladder { max-width: 100%; height: auto; } tr, .cause { break-inside: avoid; } }
)css";
}

}  // namespace scenarios
