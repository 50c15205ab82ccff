#include "engine/report/pdf.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/diag/diagnostic.hpp"
#include "engine/diag/file_bytes.hpp"
#include "engine/io/bytes/program.hpp"
#include "engine/report/whole_file.hpp"

namespace zoneval::report {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(std::string message, std::string hint) {
    throw InputError(Diagnostic{Kind::cannot_write, std::move(message), {}, "", std::move(hint)});
}

constexpr const char* what_to_install =
    "install one (Debian: `apt install chromium`, or `apt install weasyprint`), or name it with ZONEVAL_PDF; without, "
    "write HTML and print it to a file from any browser";

/// A folder for one page, its print and the browser's profile, gone afterwards.
class ScratchFolder {
  public:
    ScratchFolder() {
        auto pattern = (fs::temp_directory_path() / "zoneval-pdf-XXXXXX").string();
        if (!mkdtemp(pattern.data()))
            refuse(fmt::format("no folder can be made in {}", fs::temp_directory_path().string()), "");
        path_ = pattern;
    }
    ~ScratchFolder() {
        std::error_code none;
        fs::remove_all(path_, none);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    fs::path of(const char* name) const { return path_ / name; }

  private:
    fs::path path_;
};

std::vector<std::string> arguments_for(const std::string& program, const ScratchFolder& folder) {
    const auto page = folder.of("page.html").string(), pdf = folder.of("page.pdf").string();
    if (program.find("weasyprint") != std::string::npos) return {page, pdf};
    std::vector<std::string> out = {"--headless",
                                    "--disable-gpu",
                                    "--no-first-run",
                                    "--disable-extensions",
                                    "--disable-background-networking",
                                    "--host-resolver-rules=MAP * ~NOTFOUND",  // a page of ours asks for nothing
                                    "--user-data-dir=" + folder.of("profile").string(),
                                    "--no-pdf-header-footer",
                                    "--print-to-pdf=" + pdf};
    if (geteuid() == 0) out.push_back("--no-sandbox");  // it refuses to run as root otherwise
    out.push_back("file://" + page);
    return out;
}

}  // namespace

PdfPrinter::PdfPrinter() {
    if (const auto* given = std::getenv("ZONEVAL_PDF"); given && *given) {
        program_ = given;
        if (program_.find('/') == std::string::npos) program_ = io::find_program(program_);
        if (program_.empty())
            refuse(fmt::format("there is no program `{}`, which ZONEVAL_PDF names", given), what_to_install);
        return;
    }
    for (const auto* name : {"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "weasyprint"})
        if (program_ = io::find_program(name); !program_.empty()) return;
    refuse("a PDF is printed by Chromium, Chrome or WeasyPrint, and none of them is there", what_to_install);
}

void PdfPrinter::print(const std::string& html, const std::string& path) const {
    WholeFile file(path);  // whether it can be written shows before a program is run
    const ScratchFolder folder;
    {
        std::ofstream page(folder.of("page.html"), std::ios::binary);
        page << html;
        if (!page.flush()) refuse("there is no room for the page to print", "");
    }
    const auto ran = io::run_program(program_, arguments_for(program_, folder), "");
    const auto pdf = file_bytes(folder.of("page.pdf").string()).value_or("");
    if (!ran || !pdf.starts_with("%PDF-")) {
        auto said = ran ? ran->err.substr(0, ran->err.find('\n')) : std::string("it cannot be run");
        refuse(fmt::format("`{}` made no PDF{}", program_, said.empty() ? "" : ": " + said), what_to_install);
    }
    file.write(pdf);
    file.finish();
}

bool is_pdf_name(const std::string& path) { return path.ends_with(".pdf") || path.ends_with(".PDF"); }

}  // namespace zoneval::report
