#include "engine/api/data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "engine/api/guard.hpp"
#include "engine/api/rule_set.hpp"
#include "engine/assess/importing.hpp"

namespace zoneval {

namespace {

DatasetSchema schema_of(const RuleSet& rules, const std::string& dataset) {
    auto chosen = assess::choose_dataset(*rules.impl().graph->rules, dataset);
    if (auto* schema = std::get_if<DatasetSchema>(&chosen)) return std::move(*schema);
    const auto& none = std::get<assess::NoDataset>(chosen);
    throw InputError(Diagnostic{Kind::missing_key,
                                none.why == assess::NoDataset::Why::several
                                    ? "the rule set reads several datasets"
                                    : fmt::format("the rule set has no dataset `{}`", dataset),
                                {},
                                fmt::format("one of {}", fmt::join(none.names, ", ")),
                                did_you_mean(dataset, none.names)});
}

io::ReadOptions options_of(const ReadOptions& options) {
    io::ReadOptions out;
    out.encoding = options.encoding;
    out.sheet = options.sheet;
    out.delimiter = options.delimiter;
    out.work.threads = options.threads;
    return out;
}

/// What `read` gives for the dataset, unless it finds errors.
template <class Read>
Result<Data> checked(const RuleSet& rules, const ReadOptions& options, const Read& read) {
    return api::guarded([&]() -> Result<Data> {
        auto impl = std::make_unique<Data::Impl>();
        impl->schema = schema_of(rules, options.dataset);
        Diagnostics found;
        impl->rows = read(impl->schema, options_of(options), found);
        auto findings = api::findings_of(found);
        if (found.has_errors()) return Result<Data>::failed(std::move(findings));
        return {Data(std::move(impl)), std::move(findings)};
    });
}

}  // namespace

Data::Data(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Data::Data(Data&&) noexcept = default;
Data& Data::operator=(Data&&) noexcept = default;
Data::~Data() = default;

Result<Data> Data::read(const RuleSet& rules, const std::string& path, const ReadOptions& options) {
    return checked(rules, options, [&](const DatasetSchema& schema, const io::ReadOptions& how, Diagnostics& found) {
        return io::read_rows(path, schema, how, found);
    });
}

Result<Data> Data::read_bytes(const RuleSet& rules, const std::string& name, const std::string& bytes,
                              const ReadOptions& options) {
    return checked(rules, options, [&](const DatasetSchema& schema, const io::ReadOptions& how, Diagnostics& found) {
        return io::read_rows_of(name, bytes, schema, how, found);
    });
}

std::size_t Data::size() const { return impl_->rows.records.size(); }

std::vector<std::int32_t> Data::years() const {
    const std::set<std::int32_t> years(impl_->rows.years.begin(), impl_->rows.years.end());
    return {years.begin(), years.end()};
}

/// The cells as the CSV text they would be: there is one way to check cells.
class DataBuilder::Impl {
  public:
    Impl(const RuleSet& rules, std::string name, std::vector<std::string> inputs, ReadOptions options)
        : rules_(rules), name_(std::move(name)), inputs_(std::move(inputs)), options_(std::move(options)) {
        options_.encoding = "UTF-8";
        options_.delimiter = ',';
    }

    void row(const std::string& record, std::int32_t year) {
        end_row();
        text_ += quoted(record) + "," + std::to_string(year);
        cells_.assign(inputs_.size(), "");
        open_ = true;
    }

    void set(const std::string& input, const std::string& text) {
        const auto found = std::find(inputs_.begin(), inputs_.end(), input);
        if (found == inputs_.end())
            refuse(Kind::unknown_name, fmt::format("`{}` is not one of the inputs the table was begun with", input),
                   fmt::format("one of {}", fmt::join(inputs_, ", ")));
        else if (!open_)
            refuse(Kind::malformed_csv, fmt::format("`{}` was set before any row was begun", input), "row() first");
        else
            cells_[static_cast<std::size_t>(found - inputs_.begin())] = quoted(text);
    }

    Result<Data> build() {
        end_row();
        const auto rows = std::move(text_);
        const auto refused = std::move(refused_);
        text_.clear();
        refused_.clear();
        if (!refused.empty()) return Result<Data>::failed(refused);
        return checked(rules_, options_,
                       [&](const DatasetSchema& schema, const io::ReadOptions& how, Diagnostics& found) {
                           // How files write such data is no matter here.
                           auto plain = schema;
                           plain.shape = {};
                           for (auto& column : plain.columns) column.form = {};
                           return io::read_rows_of(name_, header(schema, found) + rows, plain, how, found);
                       });
    }

  private:
    static std::string quoted(const std::string& text) {
        std::string out = "\"";
        for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
        return out + "\"";
    }

    void end_row() {
        if (!open_) return;
        for (const auto& cell : cells_) text_ += "," + cell;
        text_ += '\n';
        open_ = false;
    }

    std::string header(const DatasetSchema& schema, Diagnostics& found) const {
        auto out = quoted(schema.id_header) + "," + quoted(schema.year_header);
        std::vector<std::string> names;
        for (const auto& column : schema.columns) names.push_back(column.name);
        for (const auto& input : inputs_) {
            const auto place = std::find(names.begin(), names.end(), input);
            if (place == names.end())
                found.add({Kind::unknown_name,
                           fmt::format("the dataset has no input `{}`", input),
                           {},
                           "the name of an input",
                           did_you_mean(input, names)});
            out += "," + quoted(place == names.end()
                                    ? input
                                    : schema.columns[static_cast<std::size_t>(place - names.begin())].header);
        }
        return out + "\n";
    }

    void refuse(Kind kind, std::string message, std::string expected) {
        constexpr std::size_t most = 100;
        if (refused_.size() < most) refused_.push_back(api::finding(kind, std::move(message), std::move(expected)));
    }

    RuleSet rules_;
    std::string name_;
    std::vector<std::string> inputs_;
    ReadOptions options_;
    std::string text_;
    std::vector<std::string> cells_;
    bool open_ = false;
    Findings refused_;
};

DataBuilder::DataBuilder(const RuleSet& rules, std::string name, std::vector<std::string> inputs, ReadOptions options)
    : impl_(std::make_unique<Impl>(rules, std::move(name), std::move(inputs), std::move(options))) {}
DataBuilder::~DataBuilder() = default;
DataBuilder::DataBuilder(DataBuilder&&) noexcept = default;
DataBuilder& DataBuilder::operator=(DataBuilder&&) noexcept = default;

DataBuilder& DataBuilder::row(const std::string& record, std::int32_t year) {
    impl_->row(record, year);
    return *this;
}
DataBuilder& DataBuilder::set(const std::string& input, double number) {
    const auto decimal = feel::Decimal::from_double(number);
    impl_->set(input, decimal.is_finite() ? decimal.to_string() : "not finite");
    return *this;
}
DataBuilder& DataBuilder::set(const std::string& input, std::int64_t number) {
    impl_->set(input, std::to_string(number));
    return *this;
}
DataBuilder& DataBuilder::set(const std::string& input, bool truth) {
    impl_->set(input, truth ? "true" : "false");
    return *this;
}
DataBuilder& DataBuilder::set(const std::string& input, const std::string& text) {
    impl_->set(input, text);
    return *this;
}

Result<Data> DataBuilder::build() { return impl_->build(); }

}  // namespace zoneval
