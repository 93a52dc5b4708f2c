#include "hwbridge/bench/bench_message.hpp"

#include "emulator/base/nearest_word.hpp"
#include "emulator/base/overloaded.hpp"
#include "hwbridge/bench/json_fields.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

namespace hwbridge {

namespace json = boost::json;
using emulator::Duration;
using emulator::ErrorKind;
using emulator::Overloaded;
using emulator::Result;

namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t longestToken = 4096;
constexpr std::size_t longestValue = 64u << 10;
constexpr std::size_t mostSaved = 4096;
constexpr std::size_t mostRows = 1000;

const std::vector<std::string_view> wishes{"hello", "list",    "lease", "withdraw", "renew",
                                           "save",  "release", "kick",  "verdict"};

// The names of those errors that a client tells apart; all others are "refused".
constexpr std::array<std::pair<std::string_view, ErrorKind>, 3> errorNames{
    {{"not_found", ErrorKind::NotFound},
     {"malformed", ErrorKind::Malformed},
     {"too_large", ErrorKind::TooLarge}}};

Duration fromSeconds(double seconds)
{
    return Duration{static_cast<Duration::rep>(std::llround(seconds * 1e6))};
}
double toSeconds(Duration duration)
{
    return std::chrono::duration<double>{duration}.count();
}

Fence leaseNumber(JsonFields& fields)
{
    return Fence{fields.number("lease", 1, largest)};
}

std::vector<SavedParameter> parameters(JsonFields& fields)
{
    std::vector<SavedParameter> all;
    const json::array* const items = fields.list("parameters", mostSaved);
    if (items == nullptr)
        fields.wrong("parameters", "a list of {\"name\": ..., \"value\": ...}");
    else
        for (const json::value& item : *items) {
            if (!item.is_object()) {
                fields.wrong("parameters", "objects with name and value");
                break;
            }
            JsonFields one{item.get_object()};
            SavedParameter parameter{one.requiredText("name"), one.anyText("value", longestValue)};
            if (const Result<void> read = one.finish(); read.has_error()) {
                fields.wrong("parameters", "name and value of each: " + read.error().detail);
                break;
            }
            all.push_back(std::move(parameter));
        }
    return all;
}

LeaseRequest request(JsonFields& fields)
{
    LeaseRequest request;
    request.wanted = {fields.text("phone"), fields.text("tag"), fields.text("model")};
    if (request.wanted == PhoneSelector{})
        fields.wrong("phone", "a text here, or \"tag\" or \"model\"");
    constexpr double hour = 3600;
    request.duration = fromSeconds(fields.seconds("for").value_or(hour));
    request.reason = fields.text("reason");
    request.wait = fields.flag("wait");
    request.toCheck = fields.flag("check");
    return request;
}

}  // namespace

Result<ClientMessage> readClientMessage(std::string_view line)
{
    const Result<json::object> object = JsonFields::parse(line);
    if (object.has_error())
        return object.error();
    JsonFields fields{*object};
    ClientMessage message;
    message.id = fields.number("id", 1, largest);
    const std::string wish = fields.text("do");
    if (wish == "hello") {
        BenchHello hello;
        hello.version = static_cast<int>(fields.number("version", 1, 1'000'000));
        hello.holder = fields.requiredText("holder");
        hello.token = fields.anyText("token", longestToken);
        message.wish = std::move(hello);
    } else if (wish == "list") {
        message.wish = BenchList{fields.text("restored")};
    } else if (wish == "lease") {
        message.wish = LeaseEvent{request(fields)};
    } else if (wish == "withdraw") {
        message.wish = LeaseEvent{LeaseWithdrawn{LeaseCommandId{fields.number("request", 1, largest)}}};
    } else if (wish == "renew") {
        message.wish = LeaseEvent{LeaseRenewal{{}, leaseNumber(fields)}};
    } else if (wish == "save") {
        const Fence lease = leaseNumber(fields);
        message.wish = LeaseEvent{LeaseSave{{}, lease, parameters(fields)}};
    } else if (wish == "release") {
        if (fields.has("phone"))
            message.wish = LeaseEvent{PhoneRelease{{}, fields.requiredText("phone"), {}}};
        else
            message.wish = LeaseEvent{LeaseRelease{{}, leaseNumber(fields)}};
    } else if (wish == "kick") {
        const std::string phone = fields.requiredText("phone");
        message.wish = LeaseEvent{PhoneKick{{}, phone, {}, fields.text("reason")}};
    } else if (wish == "verdict") {
        const Fence lease = leaseNumber(fields);
        message.wish = LeaseEvent{PhoneVerdict{{}, lease, fields.text("failure", 1024)}};
    } else {
        const std::string_view nearest = emulator::nearestWord(wish, wishes);
        fields.wrong("do", fmt::format("{}{}", emulator::oneOf(wishes),
                                       nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
    }
    if (const Result<void> read = fields.finish(); read.has_error())
        return read.error();
    return message;
}

std::string print(const ClientMessage& message)
{
    json::object object{{"id", message.id}};
    const auto lease = [&](std::string_view wish, Fence fence) {
        object["do"] = wish;
        object["lease"] = static_cast<std::uint64_t>(fence);
    };
    const Overloaded event{
        [&](const LeaseRequest& one) {
            object["do"] = "lease";
            for (const auto& [key, text] :
                 {std::pair{"phone", &one.wanted.name}, std::pair{"tag", &one.wanted.tag},
                  std::pair{"model", &one.wanted.model}, std::pair{"reason", &one.reason}})
                if (!text->empty())
                    object[key] = *text;
            object["for"] = toSeconds(one.duration);
            object["wait"] = one.wait;
            object["check"] = one.toCheck;
        },
        [&](const LeaseWithdrawn& one) {
            object["do"] = "withdraw";
            object["request"] = static_cast<std::uint64_t>(one.command);
        },
        [&](const LeaseRenewal& one) { lease("renew", one.fence); },
        [&](const LeaseSave& one) {
            lease("save", one.fence);
            json::array all;
            for (const SavedParameter& parameter : one.parameters)
                all.push_back(json::object{{"name", parameter.name}, {"value", parameter.value}});
            object["parameters"] = std::move(all);
        },
        [&](const LeaseRelease& one) { lease("release", one.fence); },
        [&](const PhoneRelease& one) {
            object["do"] = "release";
            object["phone"] = one.phone;
        },
        [&](const PhoneKick& one) {
            object["do"] = "kick";
            object["phone"] = one.phone;
            object["reason"] = one.reason;
        },
        [&](const PhoneVerdict& one) {
            lease("verdict", one.fence);
            object["failure"] = one.failure;
        },
        [](const PhoneRestored&) {},
        [](const LeaseTimePassed&) {},  // no client says these
    };
    std::visit(Overloaded{[&](const BenchHello& hello) {
                              object["do"] = "hello";
                              object["version"] = hello.version;
                              object["holder"] = hello.holder;
                              if (!hello.token.empty())
                                  object["token"] = hello.token;
                          },
                          [&](const BenchList& list) {
                              object["do"] = "list";
                              if (!list.restored.empty())
                                  object["restored"] = list.restored;
                          },
                          [&](const LeaseEvent& one) { std::visit(event, one); }},
               message.wish);
    return json::serialize(object);
}

BenchRow rowOf(const BenchPhone& phone)
{
    BenchRow row;
    row.phone = phone.name;
    row.model = phone.model;
    row.mac = phone.mac ? phone.mac->colons() : "";
    row.address = phone.address ? phone.address->text() : "";
    row.tags = phone.tags;
    return row;
}

namespace {

std::optional<emulator::WallTime> optionalTime(JsonFields& fields, std::string_view key)
{
    if (!fields.has(key))
        return std::nullopt;
    const std::optional<emulator::WallTime> time = emulator::parseWallTime(fields.text(key));
    if (!time)
        fields.wrong(key, "a time such as 2026-01-01T00:00:00Z");
    return time;
}

BenchRow row(JsonFields& fields)
{
    BenchRow row;
    row.phone = fields.requiredText("phone");
    row.model = fields.text("model");
    row.mac = fields.text("mac");
    row.address = fields.text("address");
    row.tags = fields.texts("tags");
    row.state = fields.text("state");
    row.fence = fields.has("lease") ? leaseNumber(fields) : Fence{};
    row.holder = fields.text("holder");
    row.reason = fields.text("reason");
    row.until = optionalTime(fields, "until");
    row.why = fields.text("why", 4096);
    row.waiting = fields.has("waiting") ? fields.number("waiting", 1, largest) : 0;
    row.next = fields.text("next");
    row.checked = optionalTime(fields, "checked");
    row.passed = fields.flag("passed");
    return row;
}

BenchRows rows(JsonFields& fields)
{
    BenchRows rows;
    const json::array* const items = fields.list("phones", mostRows);
    if (items == nullptr)
        return rows;
    for (const json::value& item : *items) {
        if (!item.is_object()) {
            fields.wrong("phones", "objects");
            break;
        }
        JsonFields one{item.get_object()};
        rows.phones.push_back(row(one));
        if (const Result<void> read = one.finish(); read.has_error()) {
            fields.wrong("phones", read.error().detail);
            break;
        }
    }
    return rows;
}

json::object print(const BenchRow& row)
{
    json::object object{{"phone", row.phone}, {"model", row.model}};
    for (const auto& [key, text] : {std::pair{"mac", &row.mac}, std::pair{"address", &row.address}})
        if (!text->empty())
            object[key] = *text;
    object["tags"] = json::array(row.tags.begin(), row.tags.end());
    if (!row.state.empty())
        object["state"] = row.state;
    if (row.fence != Fence{})
        object["lease"] = static_cast<std::uint64_t>(row.fence);
    for (const auto& [key, text] : {std::pair{"holder", &row.holder}, std::pair{"reason", &row.reason}})
        if (!text->empty())
            object[key] = *text;
    if (row.until)
        object["until"] = emulator::printWallTime(*row.until);
    if (!row.why.empty())
        object["why"] = row.why;
    if (row.waiting > 0)
        object["waiting"] = row.waiting;
    if (!row.next.empty())
        object["next"] = row.next;
    if (row.checked) {
        object["checked"] = emulator::printWallTime(*row.checked);
        object["passed"] = row.passed;
    }
    return object;
}

}  // namespace

Result<ServerMessage> readServerMessage(std::string_view line)
{
    const Result<json::object> object = JsonFields::parse(line);
    if (object.has_error())
        return object.error();
    JsonFields fields{*object};
    ServerMessage message;
    if (fields.has("id"))
        message.id = fields.number("id", 0, largest);
    if (fields.has("welcome")) {
        BenchWelcome welcome;
        welcome.bench = fields.text("welcome");
        welcome.version = static_cast<int>(fields.number("version", 1, 1'000'000));
        welcome.heartbeat = fromSeconds(fields.seconds("heartbeat").value_or(1));
        welcome.restores = fields.flag("restores");
        message.what = welcome;
    } else if (fields.has("phones")) {
        message.what = rows(fields);
    } else if (fields.has("waits")) {
        message.what = BenchWaits{fields.number("waits", 1, largest)};
    } else if (fields.has("done")) {
        fields.flag("done");
        message.what = BenchDone{};
    } else if (fields.has("ended")) {
        const Fence ended{fields.number("ended", 1, largest)};
        const std::string phone = fields.text("phone");
        message.what = BenchEnd{ended, phone, fields.text("why", 4096)};
    } else if (fields.has("error")) {
        emulator::Error error{ErrorKind::Refused, fields.text("error", 4096)};
        const std::string kind = fields.text("kind");
        for (const auto& [name, value] : errorNames)
            if (name == kind)
                error.kind = value;
        message.what = BenchRefusal{std::move(error)};
    } else {
        const Fence lease = leaseNumber(fields);
        const std::string phone = fields.requiredText("phone");
        const std::optional<emulator::WallTime> until = emulator::parseWallTime(fields.text("until"));
        if (!until)
            fields.wrong("until", "a time such as 2026-01-01T00:00:00Z");
        message.what = BenchGrant{lease, phone, until.value_or(emulator::WallTime{})};
    }
    if (const Result<void> read = fields.finish(); read.has_error())
        return read.error();
    return message;
}

std::string print(const ServerMessage& message)
{
    json::object object;
    if (message.id != 0)
        object["id"] = message.id;
    std::visit(Overloaded{[&](const BenchWelcome& welcome) {
                              object["welcome"] = welcome.bench;
                              object["version"] = welcome.version;
                              object["heartbeat"] = toSeconds(welcome.heartbeat);
                              object["restores"] = welcome.restores;
                          },
                          [&](const BenchRows& rows) {
                              json::array all;
                              for (const BenchRow& row : rows.phones)
                                  all.push_back(print(row));
                              object["phones"] = std::move(all);
                          },
                          [&](const BenchGrant& grant) {
                              object["lease"] = static_cast<std::uint64_t>(grant.lease);
                              object["phone"] = grant.phone;
                              object["until"] = emulator::printWallTime(grant.until);
                          },
                          [&](const BenchWaits& waits) { object["waits"] = waits.position; },
                          [&](const BenchDone&) { object["done"] = true; },
                          [&](const BenchRefusal& refusal) {
                              object["error"] = refusal.error.detail;
                              object["kind"] = "refused";
                              for (const auto& [name, kind] : errorNames)
                                  if (kind == refusal.error.kind)
                                      object["kind"] = name;
                          },
                          [&](const BenchEnd& end) {
                              object["ended"] = static_cast<std::uint64_t>(end.lease);
                              object["phone"] = end.phone;
                              object["why"] = end.why;
                          }},
               message.what);
    return json::serialize(object);
}

}  // namespace hwbridge
