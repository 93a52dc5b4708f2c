#include "ui/cli/firmware_command.hpp"

#include "emulator/phone/firmware_load.hpp"
#include "ui/cli/terminal.hpp"
#include "ui/cli/whole_file.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace ui {

using namespace emulator;

namespace {

Result<void> write(const std::string& file, const std::string& bytes)
{
    Result<WholeFile> whole = WholeFile::open(file);
    if (!whole.has_value())
        return fail(whole.error());
    if (const Result<void> written = whole->write(bytes); !written.has_value())
        return fail(written.error());
    return whole->finish();
}

}  // namespace

ExitCode firmware(const FirmwareOptions& options)
{
    const std::string_view models =
        options.hardware.empty() ? hardwareOf(options.name) : std::string_view{options.hardware};
    if (models.empty()) {
        say(fmt::format(
            "firmware: found {}, expected a name that begins with the hardware it is for, such as "
            "sip78xx.12-0-1MPP0001-245, or --hardware",
            options.name));
        return ExitCode::Usage;
    }
    const std::string bytes = makeLoad(options.name, models, options.size);
    const Result<FirmwareVersion> made = parseLoad(bytes, models);
    const std::string file = options.output.empty() ? options.name + ".loads" : options.output;
    const Result<void> written = made.has_value() ? write(file, bytes) : fail(made.error());
    if (!written.has_value()) {
        say("firmware: " + written.error().detail);
        return ExitCode::Usage;
    }
    writeAll(STDOUT_FILENO, fmt::format("{}: firmware {} for {}\n", file, made->load, models));
    return ExitCode::Passed;
}

}  // namespace ui
