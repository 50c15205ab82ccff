// What the tests of the store share.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "engine/store/database.hpp"
#include "engine/store/store.hpp"

namespace zoneval::store::test {

/// A folder of its own for each test, removed afterwards.
class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "zoneval-store-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string file(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

inline ColumnSchema column(const std::string& name, feel::Type::Kind type) {
    ColumnSchema out;
    out.name = out.header = name;
    out.type = type;
    return out;
}

inline DatasetSchema zones() {
    DatasetSchema out;
    out.record = "zone";
    out.dataset = "annual";
    out.id_header = "zone";
    out.year_header = "year";
    out.columns = {column("GDP", feel::Type::Kind::number), column("region", feel::Type::Kind::string),
                   column("listed", feel::Type::Kind::boolean), column("founded", feel::Type::Kind::date)};
    out.missing_codes = {{"-", feel::Missing::suppressed}};
    return out;
}

inline io::ImportedRows rows(const std::string& csv, const DatasetSchema& schema = zones(),
                             const std::string& file = "zones.csv") {
    Diagnostics found;
    auto out = io::read_rows_of(file, csv, schema, {}, found);
    INFO(render_text(found, false));
    REQUIRE_FALSE(found.has_errors());
    return out;
}

inline RuleSetText rules(const std::string& text = "ruleset: r\n") { return {"r", "r.yaml", {{"r.yaml", text}}}; }

/// A run of two zones: one decided, one not.
inline Run small_run(const Store& store, std::int32_t year) {
    Run run;
    run.ruleset = "r";
    run.ruleset_hash = rules().hash();
    run.year = year;
    run.snapshot = store.latest();
    run.engine_version = "0.1.0";
    run.records = {"Z1", "Z2"};
    auto& verdict = run.decisions.emplace_back("verdict");
    verdict.append({Outcome::Ending::fired, "\"commend\"", "commend", "overall 91.2", "", ""});
    verdict.append({Outcome::Ending::open, "", "", "", "[\"none\", \"interview\"]", "[\"GDP\"]"});
    auto& overall = run.measured.emplace_back("overall");
    overall.append("91.2");
    overall.append_null("`GDP` is not reported");
    run.published = {{"overall", "points", 1, R"({"decimals":1,"numbers":[912,["not reported"]]})"},
                     {"kind", "", std::nullopt, R"({"strings":["large"],"codes":[0,null]})"},
                     // as of many records: 12.5 and a figure withheld
                     {"share", "%", 2, R"({"bytes":1,"decimals":2,"from":1250,"missing":["suppressed"]})",
                      std::string("\0\xff", 2)}};
    return run;
}

/// On the zone that the newest small run leaves open.
inline Ruling small_ruling(const Store& store) {
    const auto run = store.runs().back();
    Ruling out;
    out.run = run.id;
    out.ruleset = run.ruleset;
    out.ruleset_hash = run.ruleset_hash;
    out.year = run.year;
    out.record = "Z2";
    out.decision = "verdict";
    out.outcome = "\"none\"";
    out.possible = "[\"none\", \"interview\"]";
    out.by = "evaluation office";
    out.reason = "the figure will not come";
    return out;
}

/// The code of the first diagnostic a call throws, and its text.
template <class Call>
std::string thrown(const Call& call) {
    try {
        call();
    } catch (const StoreError& error) {
        return render_text(error.diagnostics, false);
    }
    return "nothing";
}

/// One value out of the file, as someone with plain sqlite3 would see it.
inline std::string query(const std::string& path, const std::string& sql) {
    Database database(path, Database::Create::no);
    Statement statement(database, sql);
    return statement.step() ? std::string(statement.text(0)) : "";
}

/// Changes the file behind the store's back.
inline void tamper(const std::string& path, const std::string& sql) {
    Database database(path, Database::Create::no);
    database.execute(sql);
}

}  // namespace zoneval::store::test
