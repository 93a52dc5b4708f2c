#pragma once

#include "emulator/base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// Index of a parameter in its schema, in export order.
enum class ParamId : std::uint16_t {};

enum class ParamType : std::uint8_t { String, Bool, Int, Enum, List, Rule, Expression, Url, Password, Color };

// `ua` of an export: what the user, who is not the administrator, may do.
enum class UserAccess : std::uint8_t { None, ReadOnly, ReadWrite };  // "na", "ro", "rw"

// One configuration parameter of a model.
// Source: parameter tables of the MPP provisioning and administration guides; vendor's sample configuration.
struct Parameter {
    std::string name;     // XML element, e.g. "Resync_At__HHmm_"; lines carry their number: "User_ID_1_"
    std::string label;    // on the web page, e.g. "Resync At (HHmm)"
    std::string tab;      // e.g. "Voice > Provisioning"; lines: "Voice > Ext 1"
    std::string section;  // e.g. "Configuration Profile"
    ParamType type = ParamType::String;
    std::string factory;               // factory default
    std::optional<std::int64_t> min;   // of Int
    std::optional<std::int64_t> max;   // of Int; of strings the length
    std::vector<std::string> allowed;  // of Enum
    UserAccess access = UserAccess::None;
    bool secret = false;  // never in a trace, log or export (design decision D7)
    bool hidden = false;  // not on the page nor in an export (GPP_SA to GPP_SD)
    bool exported = true;
    bool reboots = false;  // submitting a change on the page reboots the phone (RSYNC-SUBMIT-REBOOT)
};

// A firmware generation of the guides. They differ in defaults, units and behaviour; 11.3+ is the default.
enum class Generation : std::uint8_t { Spa, Mpp11_0, Mpp11_3 };

// All parameters of one model and firmware generation. Immutable; one is shared by all phones of the model.
class ParameterSchema {
public:
    // Reads the CSV form of fixtures/models: `parameters` (columns name,label,tab,section,type,default,min,max,
    // allowed,access,flags; "_n_" names are repeated for every line) and `generations`, which replaces defaults
    // and ranges by generation. fixtures/models/README.md says what the columns hold.
    // Errors: Malformed with the row's number: an unknown type, access or flag, a number that is none, a default
    //         that the parameter itself refuses, a name twice; `lines` not in 1 to 100; too many parameters.
    static Result<std::shared_ptr<const ParameterSchema>> parse(std::string_view parameters,
                                                                std::string_view generations, int lines,
                                                                Generation generation);

    std::optional<ParamId> find(std::string_view name) const;  // exact spelling
    std::optional<ParamId> findAnyCase(
        std::string_view name) const;  // as profiles may spell it (PROF-NAME-CASE)
    const Parameter& at(ParamId id) const { return m_parameters[static_cast<std::size_t>(id)]; }
    std::span<const Parameter> all() const { return m_parameters; }
    std::size_t size() const { return m_parameters.size(); }
    std::string_view nearestName(
        std::string_view name) const;  // for error messages; empty when nothing is near

private:
    std::vector<Parameter> m_parameters;
    // Open hash table over names without case (index + 1, or 0 where free), and the names one behind the other,
    // so that the thousand look-ups of a profile stay in little memory.
    std::vector<std::uint16_t> m_slots;
    std::string m_names;
    std::vector<std::uint32_t> m_nameEnds;

    std::string_view nameIn(std::size_t slot) const;
    Result<void> indexNames();
};

// No value is longer, whatever its parameter says. Our choice: the guides state lengths of few parameters only.
inline constexpr std::size_t maxValueBytes = 16u << 10;

// The value in the form the phone keeps it (bools as "Yes"/"No", enums in the schema's spelling, integers without
// leading zeros), or why it is refused. The empty value is legal for every type (PROF-EMPTY-ELEMENT).
// Shape:  any case of yes/no; integers in range; lists "600,1200" and "2400+30" with each number in range; enum
//         values in any case; URLs scheme://server…; strings up to their length.
// Errors: Malformed; TooLarge for out of range. Source: PARAM-* requirements, "illegal values are refused".
Result<std::string> checkedValue(const Parameter& parameter, std::string_view value);

}  // namespace emulator
