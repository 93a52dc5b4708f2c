#include "emulator/web/web_response.hpp"

namespace emulator {

HttpResponse webResponse(int status, std::string_view contentType, std::string body)
{
    HttpResponse response;
    response.status = status;
    response.fields.add("Content-Type", std::string{contentType});
    response.fields.add("Cache-Control", "no-store");
    response.fields.add("X-Content-Type-Options", "nosniff");
    response.fields.add("Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
                        "frame-ancestors 'none'; base-uri 'none'");
    response.fields.add("Referrer-Policy", "same-origin");
    response.body = shareBytes(std::move(body));
    return response;
}

}  // namespace emulator
