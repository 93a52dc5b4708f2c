#include "emulator/profile/parameter_set.hpp"
#include "fixtures/models/model_data.hpp"
#include "tests/fuzz/target.hpp"

// A profile is read, applied, exported and read again: whatever was taken has to come back.
FUZZ_TARGET(profile_xml)
{
    using namespace emulator;
    static const auto model = fixtures::loadModel("CP-7841-3PCC").value();
    const Result<std::shared_ptr<const Profile>> profile =
        parseProfile(fuzz::text(data, size), *model->schema);
    if (!profile.has_value())
        return 0;
    fuzz::require((*profile)->problems.size() <= Profile::maxProblems, "problems are bounded");
    ProfileCache cache{model->schema};
    ParameterSet phone{*model->schema};
    phone.apply(*profile, "tftp://server/file", cache, true);
    for (const ProfileElement& element : (*profile)->elements)
        fuzz::require(checkedValue(model->schema->at(element.id), element.value).has_value(),
                      "values are legal");
    fuzz::require(parseProfile(exportConfiguration(phone), *model->schema).has_value(),
                  "an export is a profile");
    return 0;
}
