#include "emulator/profile/profile.hpp"
#include "fixtures/models/model_data.hpp"
#include "tests/fuzz/target.hpp"

// The first piece is an alias map, the rest a file that is read with it.
FUZZ_TARGET(alias_map)
{
    using namespace emulator;
    static const auto model = fixtures::loadModel("CP-7841-3PCC").value();
    fuzz::Pieces pieces{fuzz::text(data, size)};
    const std::string_view text = pieces.piece();
    const Result<AliasMap> map = AliasMap::parse(text);
    if (!map.has_value())
        return 0;
    const auto profile = parseProfile(fuzz::text(data, size).substr(2 + text.size()), *model->schema, *map);
    if (profile.has_value())
        for (const ProfileElement& element : (*profile)->elements)
            fuzz::require(checkedValue(model->schema->at(element.id), element.value).has_value(),
                          "values are legal");
    return 0;
}
