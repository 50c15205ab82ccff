#include "engine/io/sources/workbook.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>

#include "engine/io/bytes/zip.hpp"
#include "engine/io/cells/spreadsheet_values.hpp"

namespace zoneval::io {

namespace {

int number_or(std::string_view text, int otherwise) {
    int out = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

bool is_true(std::string_view text) { return text == "1" || text == "true"; }

/// A target as written in the relationships of a part in `folder` ("xl/"): relative to it, or absolute.
std::string resolved(std::string_view target, std::string folder) {
    if (target.starts_with('/')) return std::string(target.substr(1));
    while (target.starts_with("../")) {
        target.remove_prefix(3);
        if (!folder.empty()) folder.pop_back();
        folder.resize(folder.rfind('/') == std::string::npos ? 0 : folder.rfind('/') + 1);
    }
    if (target.starts_with("./")) target.remove_prefix(2);
    return folder + std::string(target);
}

struct Relationship {
    std::string id, type, target;
};

class Relationships final : public XmlHandler {
  public:
    explicit Relationships(std::string folder) : folder_(std::move(folder)) {}
    void begin(std::string_view element, const Attributes& attributes) override {
        if (element != "Relationship") return;
        const auto type = attributes["Type"];
        all.push_back({std::string(attributes["Id"]), std::string(type.substr(type.rfind('/') + 1)),
                       resolved(attributes["Target"], folder_)});
    }
    void end(std::string_view) override {}

    /// The part of a type ("styles"), or empty.
    std::string of_type(std::string_view type) const {
        for (const auto& relationship : all)
            if (relationship.type == type) return relationship.target;
        return {};
    }
    std::string of_id(std::string_view id) const {
        for (const auto& relationship : all)
            if (relationship.id == id) return relationship.target;
        return {};
    }

    std::vector<Relationship> all;

  private:
    std::string folder_;
};

class WorkbookPart final : public XmlHandler {
  public:
    WorkbookPart(Workbook& workbook, const Relationships& relationships)
        : workbook_(workbook), relationships_(relationships) {}
    void begin(std::string_view element, const Attributes& attributes) override {
        if (element == "workbookPr") workbook_.from_1904 = is_true(attributes["date1904"]);
        if (element != "sheet") return;
        // Relationship ids are the attribute r:id; the plain `sheetId` is another number.
        const auto part = relationships_.of_id(attributes["id"]);
        const auto state = attributes["state"];
        workbook_.sheets.push_back({std::string(attributes["name"]), part, state == "hidden" || state == "veryHidden"});
    }
    void end(std::string_view) override {}

  private:
    Workbook& workbook_;
    const Relationships& relationships_;
};

class StylesPart final : public XmlHandler {
  public:
    explicit StylesPart(Workbook& workbook) : workbook_(workbook) {}
    void begin(std::string_view element, const Attributes& attributes) override {
        if (element == "numFmt")
            custom_[number_or(attributes["numFmtId"], -1)] = number_format(attributes["formatCode"]);
        if (element == "cellXfs") inside_ = true;
        if (element != "xf" || !inside_) return;
        const int id = number_or(attributes["numFmtId"], 0);
        const auto custom = custom_.find(id);
        workbook_.formats.push_back(custom != custom_.end() ? custom->second : builtin_number_format(id));
    }
    void end(std::string_view element) override {
        if (element == "cellXfs") inside_ = false;
    }

  private:
    Workbook& workbook_;
    std::map<int, NumberFormat> custom_;
    bool inside_ = false;
};

}  // namespace

Workbook read_workbook(const Zip& zip) {
    Relationships root("");
    read_xml(zip, "_rels/.rels", root);
    const auto main = root.of_type("officeDocument");
    if (main.empty()) throw WorkbookError{"the archive is not a workbook", ""};
    const auto slash = main.rfind('/');
    const auto folder = slash == std::string::npos ? "" : main.substr(0, slash + 1);
    Relationships relationships(folder);
    if (const auto part = folder + "_rels/" + main.substr(folder.size()) + ".rels"; zip.has(part))
        read_xml(zip, part, relationships);

    Workbook out;
    WorkbookPart workbook_part(out, relationships);
    read_xml(zip, main, workbook_part);
    out.shared_strings_part = relationships.of_type("sharedStrings");
    if (const auto styles = relationships.of_type("styles"); !styles.empty()) {
        StylesPart styles_part(out);
        read_xml(zip, styles, styles_part);
    }
    return out;
}

}  // namespace zoneval::io
