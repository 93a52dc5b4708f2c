#include "scenarios/engine/vocabulary.hpp"

#include "emulator/base/nearest_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace scenarios {

namespace {

constexpr std::array scenarioKeys{
    KeyWord{"scenario", "TEXT", "the title, one sentence"},
    KeyWord{"covers", "[ID, ...]", "requirements that its expectations decide"},
    KeyWord{"tags", "[WORD, ...]", "for `run --tag`"},
    KeyWord{"phones", "MAP or list of maps", "the phones; see `explain phones`"},
    KeyWord{"servers", "NAME: MAP", "the rig's servers; see `explain servers`"},
    KeyWord{"start", "2026-01-01T00:00:00Z", "wall time at which virtual time begins"},
    KeyWord{"seed", "NUMBER", "makes chance repeat; `run --seed` wins over it"},
    KeyWord{"boot_time", "a duration", "from power to an answering page; default 500ms"},
    KeyWord{"needs", "[CAPABILITY, ...]",
            "what the target has to be able to do, else the scenario is skipped"},
    KeyWord{"login", "{user, password}", "used on the phones' pages"},
    KeyWord{"steps", "list of steps", "what happens, in this order"},
    KeyWord{"finally", "list of steps", "what happens at the end, also after a failure"},
};

constexpr std::array phoneKeys{
    KeyWord{"name", "TEXT", "of the group; its phones are NAME1, NAME2, ... (NAME itself when there is one)"},
    KeyWord{"model", "CP-7832-3PCC", "which model; `phonerig list` names them"},
    KeyWord{"count", "NUMBER", "how many; default 1"},
    KeyWord{"firmware", "11.3.1", "version or load name; default that of the model"},
    KeyWord{"set", "{Parameter: value}", "before the first power-on"},
    KeyWord{"mac", "00:0e:08:00:00:01", "of the group's first phone; the others count up"},
    KeyWord{"provisioning_server", "HOST[:PORT]", "as DHCP option 66 would give it"},
    KeyWord{"unique_certificate", "true or false",
            "has a client certificate of its own ($CCERT); default false"},
};

constexpr std::array serverKeys{
    KeyWord{"kind", "tftp, http, syslog or sip", "default: the server's name"},
    KeyWord{
        "files", "{PATH: text, {from: FILE, wrap: HOW} or {load: NAME}}",
        "what it serves; FILE is relative to the scenario, HOW is gzip, {aes: KEY} or a list, NAME that of a "
        "made-up firmware load"},
    KeyWord{"names", "[HOST, ...]", "what DNS knows it as, beside NAME.rig.test"},
    KeyWord{"point", "true or false", "syslog only: whether the phones log to it; default true"},
    KeyWord{"port", "NUMBER", "where it listens; default: the protocol's own on sim, a free one on net"},
    KeyWord{
        "auth", "{scheme, algorithm, user, password, as}",
        "http: whom it lets in; scheme basic or digest, algorithm MD5, MD5-sess, SHA-256 or SHA-256-sess, as "
        "server (401, the default) or proxy (407)"},
    KeyWord{
        "dynamic", "[PATH, ...]",
        "http: files made anew for each request, GET or POST; their text may hold ${request.method}, .path, "
        ".query, .query.NAME, .body, .user_agent, .host, .client and .count; PATH may end in *"},
    KeyWord{"uploads", "[PATH, ...]",
            "http: where POST and PUT leave their body, for each phone apart; GET gives it back"},
    KeyWord{"coding", "{PATH: CODING}",
            "http: Content-Encoding; gzip and deflate are made here, aes128gcm is only said of the file"},
    KeyWord{"proxy", "true or false", "http: passes on to the scenario's other http servers; default false"},
};

constexpr std::array browseKeys{
    KeyWord{"login", "{user, password}", "instead of the scenario's login"},
};

constexpr std::array pressKeys{
    KeyWord{"enter", "TEXT", "what is typed into the field before the last key"},
};

constexpr std::array postKeys{
    KeyWord{"text", "TEXT", "what is posted; ${...} is filled in"},
    KeyWord{"type", "MIME TYPE", "of the text; default text/xml"},
    KeyWord{"login", "{user, password}", "instead of the scenario's login"},
};

constexpr std::array notifyKeys{
    KeyWord{"server", "NAME", "which sip server sends it; default: the first"},
    KeyWord{"to", "USER", "user of the request's URI and To, which says the line"},
    KeyWord{"login", "{user, password}", "answers the phone's challenge, once"},
    KeyWord{"profile", "RULE", "added to the event as ;profile=\"RULE\""},
    KeyWord{"text", "TEXT", "the body, such as a Cisco XML object; ${...} is filled in"},
    KeyWord{"type", "MIME TYPE", "of the body; default application/xml"},
    KeyWord{"loses", "NUMBER", "so many answers of the phone get lost, so that it is sent again"},
    KeyWord{"gives_up", "a duration", "how long the proxy waits for an answer; default 32s, timer F"},
};

constexpr std::array serverStepKeys{
    KeyWord{"answers", "normally", "ends every fault"},
    KeyWord{"fails", "not found or a number", "HTTP: this status; TFTP: this error code"},
    KeyWord{"delays", "a duration", "answers that much later"},
    KeyWord{"corrupts", "files", "sends bytes that are no profile"},
    KeyWord{"truncates", "NUMBER", "stops after so many bytes of the file"},
    KeyWord{"drips", "a duration", "one byte at a time, so far apart"},
    KeyWord{"resets", "connections", "takes the request, then resets the connection"},
    KeyWord{"omits", "length", "HTTP: answers as HTTP/1.0, the file ends where the connection does"},
    KeyWord{"redirects", "URL", "HTTP: to there"},
    KeyWord{"status", "301 to 308", "of a redirect; default 302"},
    KeyWord{"goes", "silent, down or back", "takes requests and never answers; is not there; answers again"},
    KeyWord{"times", "NUMBER", "so often per phone, then normally; default: until told otherwise"},
    KeyWord{"file", "PATH", "only requests for this file"},
};

constexpr std::array putKeys{
    KeyWord{"server", "NAME", "where"},
    KeyWord{"text", "TEXT", "what the file holds; ${...} is filled in"},
    KeyWord{"from", "FILE", "a file beside the scenario, taken as it is"},
    KeyWord{"wrap", "gzip, {aes: KEY, digest: md5}, {aes128gcm: IKM} or a list",
            "compresses or encrypts it, in this order"},
    KeyWord{"load", "NAME", "a made-up firmware load, such as sip7832.11-3-2MPP0001-609"},
    KeyWord{"hardware", "PREFIX", "with load: which models take it; default: what NAME begins with"},
};

constexpr std::array removeKeys{
    KeyWord{"server", "NAME", "where"},
};

constexpr std::array syslogKeys{
    KeyWord{"server", "NAME", "only at this syslog server"},
    KeyWord{"by", "server, phone, wire", "who has to see it; default server"},
};

constexpr std::array paramKeys{
    KeyWord{"is", "TEXT", "exactly this value"},
    KeyWord{"matches", "GLOB", "a value of this shape"},
};

constexpr std::array ledKeys{
    KeyWord{"shows", "off, slow blink, fast blink", "what it shows, from now on or within the time"},
    KeyWord{"showed", "off, slow blink, fast blink",
            "what it began to show at some time since the last action"},
    KeyWord{"blinks", "[ON, OFF, ...]", "the durations of one period, each within 50 ms"},
    KeyWord{"is", "lit, dark", "at this very moment"},
};

constexpr std::array requestKeys{
    KeyWord{"file", "GLOB", "path of the file, with or without its first '/', without a query"},
    KeyWord{"target", "GLOB", "HTTP: path and query as sent"},
    KeyWord{"method", "GLOB", "HTTP: GET, HEAD, ..."},
    KeyWord{"user_agent", "GLOB", "HTTP: the User-Agent field"},
    KeyWord{"host", "GLOB", "HTTP: the Host field"},
    KeyWord{"body", "GLOB",
            "HTTP: the first 500 characters of what was sent along; control characters are ?"},
    KeyWord{"by", "server, phone, wire", "who has to see it; default server"},
};

constexpr std::array lookupKeys{
    KeyWord{"by", "phone, server, wire", "who has to see it; default phone"},
};

constexpr std::array eventKeys{
    KeyWord{"where", "{FIELD: GLOB}", "fields of the event, as in NDJSON"},
    KeyWord{"server", "NAME", "only at this server"},
    KeyWord{"by", "server, phone, wire", "who has to see it; default phone for phone.*, else server"},
};

constexpr std::array commonStepKeys{
    KeyWord{"phones", "SELECTOR", "a name, group, number from 1, model, or a list of them; default all"},
};

constexpr std::array commonExpectationKeys{
    KeyWord{"within", "a duration", "until when; default 5s"},
    KeyWord{"after", "a duration", "not before: an earlier one fails"},
    KeyWord{"never", "true", "must not come within that time"},
    KeyWord{"then", "true", "later than what met the expectation before; times count from there"},
    KeyWord{"times", "NUMBER", "exactly so often, per phone"},
    KeyWord{"at_least", "NUMBER", "so often or more, per phone"},
    KeyWord{"at_most", "NUMBER", "so often or less, per phone"},
    KeyWord{"any", "true", "on one of the phones at least"},
    KeyWord{"count", "NUMBER", "on exactly so many of the phones"},
    KeyWord{"phones", "SELECTOR", "as on a step"},
};

constexpr std::array words{
    Word{"scenario", WordKind::Block, "scenario: TITLE",
         "The keys at the left margin of a scenario file. `scenario`, `phones` and `steps` are always there.",
         "scenario: A resync URL fetches a profile over TFTP\n"
         "phones: { model: CP-7832-3PCC }\n"
         "servers:\n"
         "  tftp: { files: { basic.txt: \"<flat-profile><GPP_A>1</GPP_A></flat-profile>\" } }\n"
         "  syslog: {}\n"
         "steps:\n"
         "  - power: on\n"
         "  - browse: /admin/resync?tftp://${tftp}/basic.txt\n"
         "  - expect: { syslog: \"*Successful resync*\" }",
         scenarioKeys},
    Word{"phones", WordKind::Block, "phones: { model: MODEL, count: N, ... }",
         "One group of phones, or a list of groups. On a step, `phones:` selects among them.",
         "phones:\n"
         "  - { name: desk, model: CP-7841-3PCC, count: 3, set: { Resync_On_Reset: \"No\" } }\n"
         "  - { name: room, model: CP-7832-3PCC }",
         phoneKeys},
    Word{"servers", WordKind::Block, "servers: { NAME: { kind: KIND, files: {...} } }",
         "The rig's own servers. ${NAME} is where one is reached, as it stands in a URL: HOST, or HOST:PORT "
         "when the "
         "port is not its protocol's own. ${NAME.host} and ${NAME.port} are the parts.",
         "servers:\n"
         "  tftp: { files: { basic.txt: \"<flat-profile/>\", big.xml: { from: big.xml } } }\n"
         "  backup: { kind: http, files: { sip7832.11-3-2MPP0001-609.loads: { load: "
         "sip7832.11-3-2MPP0001-609 } } "
         "}\n"
         "  syslog: {}",
         serverKeys},
    Word{"power",
         WordKind::Step,
         "power: on | off | cycle",
         "Plugs the phone in, or pulls the cable. `on` and `cycle` end when the phone's page answers.",
         "- power: on",
         {}},
    Word{"browse", WordKind::Step, "browse: PATH",
         "Opens a page or URL command of the phone in a browser (GET). A refusal fails the step, unless an "
         "expectation looks at the `status` or `page` that came.",
         "- browse: /admin/resync?tftp://${tftp}/basic.txt", browseKeys},
    Word{
        "post", WordKind::Step, "post: PATH, with text",
        "Posts a text to the phone's web server, such as a Cisco XML object. A refusal fails the step as one "
        "of `browse` does.",
        "- post: /CGI/Execute\n  text: \"<${phone.model}Execute><ExecuteItem "
        "URL=Resync:tftp://${tftp}/basic.txt/></${phone.model}Execute>\"",
        postKeys},
    Word{"notify", WordKind::Step, "notify: EVENT",
         "A SIP proxy of the rig sends the phone a NOTIFY with that Event, again and again until it answers. "
         "An answer "
         "of 300 or above, or none, fails the step, unless an expectation looks at its `status`.",
         "- notify: resync\n  to: \"4711\"\n  login: { user: \"4711\", password: secret }", notifyKeys},
    Word{"submit",
         WordKind::Step,
         "submit: { Parameter: value, ... }",
         "Opens the phone's configuration page, fills in these fields and presses Submit All Changes.",
         "- submit: { Profile_Rule: \"tftp://${tftp}/basic.txt\" }",
         {}},
    Word{"call",
         WordKind::Step,
         "call: LINE, or NAME/LINE",
         "Somebody talks on that line of the phone: it is busy until they hang up. Nothing is signalled yet.",
         "- call: 1",
         {}},
    Word{"hang up",
         WordKind::Step,
         "hang up: LINE, or NAME/LINE",
         "Ends the call on that line.",
         "- hang up: 1",
         {}},
    Word{"press", WordKind::Step, "press: ITEM > ITEM > SOFTKEY",
         "Chooses items of the phone's menus one after another, from the idle screen. An item that the "
         "display does not show fails the step. What it shows then is a phone.display event.",
         "- press: Applications > Device administration > Profile rule > Resync\n  enter: "
         "tftp://${tftp}/basic.txt",
         pressKeys},
    Word{"server", WordKind::Step,
         "server: NAME, with one of answers, fails, delays, corrupts, truncates, drips, resets, omits, "
         "redirects, goes",
         "Tells a server of the rig how to treat requests from now on.",
         "- server: http\n  fails: not found\n  times: 2\n  file: /basic.txt", serverStepKeys},
    Word{
        "put", WordKind::Step, "put: PATH, with server and text, from or load",
        "Puts a file on a server, or replaces it; one for each phone where path or text speaks of the phone.",
        "- put: basic.txt\n  server: tftp\n  text: \"<flat-profile><GPP_A>2</GPP_A></flat-profile>\"",
        putKeys},
    Word{"remove", WordKind::Step, "remove: PATH, with server", "Takes a file off a server.",
         "- remove: basic.txt\n  server: tftp", removeKeys},
    Word{"wait",
         WordKind::Step,
         "wait: DURATION",
         "Lets time pass: 250ms, 2s, 90s, 5m, 1h, 1d. In virtual time a day takes a second.",
         "- wait: 90s",
         {}},
    Word{"expect", WordKind::Step, "expect: { SUBJECT: ..., within: DURATION }",
         "What has to be seen, on every selected phone. Its subject is one of syslog, request, lookup, "
         "event, param, "
         "led, state, status, page. What comes by (syslog, request, lookup, event) counts from the beginning "
         "of the "
         "last step that was no expectation; what is (param, led, state) from the beginning of the "
         "expectation.",
         "- expect: { syslog: \"*Successful resync*\", within: 5s }", commonExpectationKeys},
    Word{"syslog", WordKind::Topic, "syslog: GLOB", "A line that arrives at the rig's syslog server.",
         "- expect: { syslog: \"*Requesting resync tftp://*/basic.txt\", within: 2s }", syslogKeys},
    Word{"request", WordKind::Topic, "request: SERVER",
         "A request that arrives at a tftp or http server of the rig.",
         "- expect: { request: http, file: basic.txt, user_agent: \"Cisco-CP-7832*\" }", requestKeys},
    Word{"lookup", WordKind::Topic, "lookup: GLOB", "A name that the phone asks DNS for.",
         "- expect: { lookup: tftp.rig.test }", lookupKeys},
    Word{"event", WordKind::Topic, "event: KIND",
         "Any event of the trace by its kind, e.g. tftp.error, http.response, phone.state.",
         "- expect: { event: tftp.ack, where: { block: 3 } }", eventKeys},
    Word{"param", WordKind::Topic, "param: NAME, with is or matches",
         "The value of a parameter on the phone's page.", "- expect: { param: GPP_A, is: \"12345678\" }",
         paramKeys},
    Word{"led", WordKind::Topic, "led: mute, with shows, showed, blinks or is",
         "What the mute key's LED says about provisioning.",
         "- expect: { led: mute, shows: slow blink, within: 3s }", ledKeys},
    Word{"state",
         WordKind::Topic,
         "state: off | booting | waiting | contacting | upgrading | idle | onboarding",
         "What the phone is doing.",
         "- expect: { state: idle }",
         {}},
    Word{"status",
         WordKind::Topic,
         "status: NUMBER | none",
         "The status that the phone gave the last browse, submit, post or notify; none: it did not answer.",
         "- expect: { status: 401 }",
         {}},
    Word{"page",
         WordKind::Topic,
         "page: GLOB",
         "The body of the phone's last web answer.",
         "- expect: { page: \"*12345678*\" }",
         {}},
};

}  // namespace

std::span<const Word> vocabulary()
{
    return words;
}

const Word* findWord(std::string_view name)
{
    const auto* const found =
        std::find_if(words.begin(), words.end(), [&](const Word& w) { return w.name == name; });
    return found == words.end() ? nullptr : found;
}

std::span<const KeyWord> stepKeys()
{
    return commonStepKeys;
}

std::span<const KeyWord> expectationKeys()
{
    return commonExpectationKeys;
}

std::vector<std::string_view> namesOf(WordKind kind)
{
    std::vector<std::string_view> names;
    for (const Word& word : words)
        if (word.kind == kind)
            names.push_back(word.name);
    return names;
}

std::vector<std::string_view> namesOf(std::span<const KeyWord> keys)
{
    std::vector<std::string_view> names;
    for (const KeyWord& key : keys)
        names.push_back(key.name);
    return names;
}

Explanation explain(std::string_view name)
{
    const Word* word = findWord(name);
    if (word == nullptr) {
        std::vector<std::string_view> known;
        for (const Word& one : words)
            known.push_back(one.name);
        const std::string_view near = emulator::nearestWord(name, known);
        std::string text = fmt::format("no word \"{}\"; expected {}", name, emulator::oneOf(known));
        if (!near.empty())
            text += fmt::format("; did you mean \"{}\"?", near);
        return {false, text + '\n'};
    }
    std::string text = fmt::format("{}\n\n{}\n", word->synopsis, word->description);
    const auto list = [&](std::span<const KeyWord> keys, std::string_view heading) {
        if (keys.empty())
            return;
        fmt::format_to(std::back_inserter(text), "\n{}\n", heading);
        std::size_t width = 0;
        for (const KeyWord& key : keys)
            width = std::max(width, key.name.size() + 2 + key.value.size());
        for (const KeyWord& key : keys)
            fmt::format_to(std::back_inserter(text), "  {:<{}}  {}\n",
                           fmt::format("{}: {}", key.name, key.value), width, key.meaning);
    };
    list(word->keys, word->name == "expect" ? "Beside its subject:" : "Keys:");
    if (word->kind == WordKind::Topic)
        text += "\nBeside these it may carry what `explain expect` lists (within, never, times, ...).\n";
    fmt::format_to(std::back_inserter(text), "\nExample:\n");
    std::string_view rest = word->example;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        fmt::format_to(std::back_inserter(text), "  {}\n", rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {true, std::move(text)};
}

}  // namespace scenarios
