#pragma once

#include "hwbridge/decode/description.hpp"

namespace hwbridge {

// Whether these bytes are one BER sequence that begins as an SNMP message does, whatever port they came to.
bool looksLikeSnmp(std::string_view payload);

// Describes an SNMP message by its version, PDU and first object names. Communities, user names and values are never
// shown: communities are passwords, and values may hold them.
// Source: RFC 1157, RFC 3416 (PDUs), RFC 3412 (version 3); BER as X.690 has it, lengths of at most four bytes.
DecodeOutcome describeSnmp(Description out, std::string_view payload, ExchangeTable& exchanges);

}  // namespace hwbridge
