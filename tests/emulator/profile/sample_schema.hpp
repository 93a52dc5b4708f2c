#pragma once

#include "emulator/profile/parameter_schema.hpp"
#include "fixtures/models/model_data.hpp"

namespace emulator {

// The parameters of a real model; short ones for tests that make their own stand in the tests.
inline std::shared_ptr<const ParameterSchema> schemaOf(std::string_view model,
                                                       std::string_view firmware = "11.3.1")
{
    return fixtures::loadModel(model, firmware).value()->schema;
}

inline ParamId idOf(const ParameterSchema& schema, std::string_view name)
{
    return schema.find(name).value();
}

}  // namespace emulator
