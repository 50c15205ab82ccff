#include "tests/io/workbook_builder.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace zoneval::io::test {

namespace {

std::string relationship(const std::string& id, const std::string& type, const std::string& target) {
    return "<Relationship Id=\"" + id +
           "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/" + type + "\" Target=\"" +
           target + "\"/>";
}

}  // namespace

std::string WorkbookBuilder::bytes() const {
    std::map<std::string, std::string> parts = {
        {"_rels/.rels",
         "<Relationships>" + relationship("rId1", "officeDocument", "xl/workbook.xml") + "</Relationships>"},
        {"xl/_rels/workbook.xml.rels", "<Relationships>" + relationship("rId1", "worksheet", "worksheets/sheet1.xml") +
                                           relationship("rId2", "worksheet", "/xl/worksheets/sheet2.xml") +
                                           relationship("rId3", "sharedStrings", "sharedStrings.xml") +
                                           relationship("rId4", "styles", "styles.xml") + "</Relationships>"},
        {"xl/workbook.xml",
         "<workbook xmlns:r=\"r\">" + workbook_properties + "<sheets>" + sheets + "</sheets></workbook>"},
        {"xl/sharedStrings.xml", "<sst>" + shared + "</sst>"},
        {"xl/styles.xml",
         "<styleSheet><numFmts>" + number_formats + "</numFmts><cellXfs>" + cell_formats + "</cellXfs></styleSheet>"},
        {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"},
        {"xl/worksheets/sheet2.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}};
    for (const auto& [part, content] : replaced) parts[part] = content;

    // A file in memory: fuzzers build many.
    const int file = memfd_create("workbook", MFD_CLOEXEC);
    const auto path = "/proc/self/fd/" + std::to_string(file);
    const auto archive = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
    if (!archive) throw std::runtime_error("cannot write " + path);
    for (const auto& [part, content] : parts) {
        zipOpenNewFileInZip64(archive, part.c_str(), nullptr, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED, Z_BEST_SPEED,
                              0);
        zipWriteInFileInZip(archive, content.data(), static_cast<unsigned>(content.size()));
        zipCloseFileInZip(archive);
    }
    zipClose(archive, nullptr);
    std::ifstream in(path, std::ios::binary);
    std::string out{std::istreambuf_iterator<char>(in), {}};
    close(file);
    return out;
}

}  // namespace zoneval::io::test
