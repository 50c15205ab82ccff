// What seals and proofs share as texts.
#pragma once

#include <fmt/format.h>

#include <new>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/diag/diagnostic.hpp"
#include "engine/seal/seal.hpp"

namespace zoneval::seal {

using Json = nlohmann::ordered_json;

Json to_json(const RunSeal& run);
RunSeal run_seal(const Json& json);  ///< throws std::exception

/// Reads a text of form 1, marked by its key `mark`; throws InputError (ZV512) saying what it is not.
template <class T, class Read>
T read_json(const std::string& file, const std::string& text, const char* mark, const std::string& expected,
            const Read& read) {
    const auto refuse = [&](const std::string& what) -> InputError {
        return InputError(
            Diagnostic{Kind::not_a_seal,
                       fmt::format("{}: {}", file, what),
                       {},
                       expected,
                       "take the file as it was given out; a copy that an editor changed is another one"});
    };
    try {
        const auto json = Json::parse(text);
        if (!json.is_object() || !json.contains(mark)) throw refuse(fmt::format("the file has no `{}`", mark));
        if (json.at(mark) != 1) throw refuse(fmt::format("form {} is not known", json.at(mark).dump()));
        return read(json);
    } catch (const InputError&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        throw refuse(error.what());
    }
}

}  // namespace zoneval::seal
