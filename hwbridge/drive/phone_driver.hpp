#pragma once

#include "hwbridge/drive/clock_reading.hpp"
#include "hwbridge/drive/page_parameters.hpp"
#include "hwbridge/drive/phone_identity.hpp"
#include "hwbridge/drive/web_client.hpp"
#include "hwbridge/drive/xml_leaves.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// Where a phone has what. The defaults are those of multiplatform firmware; SPA phones export at /admin/spacfg.xml.
struct PhonePaths {
    std::string info = "/";  // Product Information
    std::string configuration = "/admin/advanced";
    std::string exported = "/admin/cfg.xml";
    std::string status = "/admin/status.xml";
};

// An exported file: as it came, and what is in it. Of parameters the phone keeps secret there is nothing.
struct PhoneExport {
    std::string xml;
    std::vector<XmlLeaf> values;
};

// What a phone's clock says, and how far that is ahead of this machine's.
struct PhoneClockCheck {
    ClockReading reading;
    std::chrono::seconds offset{};
    std::string source;  // "Date of its answers", "Current Time of its status"
};

// Does with a real phone what a person with a browser does. On the calling thread; one object per phone and thread.
// Every failure is one clear sentence that names the phone; "the page says" quotes what the phone answered.
// Source: WEB-RESYNC-CMD, WEB-URL-CMDS, WEB-ADMIN-ADVANCED, WEB-SUBMIT, XML-CGI-EXECUTE.
class PhoneDriver {
public:
    static emulator::Result<PhoneDriver> open(WebAccess access, PhonePaths paths = {});

    // URL commands: /admin/resync?RULE, /admin/upgrade?RULE, /admin/reboot. That the phone took the command does not say
    // that it is done: watch its syslog and traffic. An empty rule: the stored one. Errors: Refused by the phone; Malformed: a
    // rule with line breaks or more than 2,048 bytes.
    emulator::Result<void> resync(std::string_view rule);
    emulator::Result<void> upgrade(std::string_view rule);
    emulator::Result<void> reboot();

    // The configuration page as it is now.
    emulator::Result<PageParameters> page();
    // Reads the page, fills these values in, and sends the whole form, once. Errors: those of PageParameters::filled(),
    // before anything is sent; Refused by the phone. What the phone made of it is seen by reading the page again.
    // `userAgent`: who does it, a person or the rig.
    emulator::Result<void> submit(const std::map<std::string, std::string>& values,
                                  const std::string& userAgent = std::string{emulator::rigUserAgent});

    emulator::Result<PhoneIdentity> identity();
    emulator::Result<PhoneExport> configuration();
    emulator::Result<PhoneExport> statusReport();
    // The clock, by one request for the status: the Date of the answer where it has one, else its Current Time.
    // Errors: those of statusReport(); NotFound: neither is there, or what there is cannot be read.
    emulator::Result<PhoneClockCheck> clock();

    // Posts a Cisco XML object to /CGI/Execute; returns the phone's answer. Errors: Refused, with what the phone said.
    emulator::Result<std::string> execute(std::string_view xml);

    // Any request, as WebClient::send() has it.
    emulator::Result<WebReply> send(const WebRequest& request) { return m_client.send(request); }

    std::string place() const { return m_client.place(); }

private:
    PhoneDriver(WebClient client, PhonePaths paths);
    emulator::Result<void> command(const std::string& path, std::string_view rule);
    // A reply of status 200, or why there is none.
    emulator::Result<WebReply> ask(const WebRequest& request);
    emulator::Result<HtmlPage> readPage(const std::string& path, const std::string& userAgent);
    emulator::Result<PageParameters> pageFor(const std::string& userAgent);
    emulator::Result<PhoneExport> readExport(const std::string& path);
    std::string pageOf(const std::string& path) const;

    WebClient m_client;
    PhonePaths m_paths;
};

}  // namespace hwbridge
