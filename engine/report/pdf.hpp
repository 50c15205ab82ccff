// Pages of ours as PDF: printed by a browser or by WeasyPrint, where one is there.
#pragma once

#include <string>

namespace zoneval::report {

class PdfPrinter {
  public:
    /// $ZONEVAL_PDF names the program; else Chromium or Chrome on the PATH, else WeasyPrint. Throws InputError (ZV507)
    /// where there is none, saying what to install.
    PdfPrinter();

    /// A4 as the page's own style has it. The file is there whole or as it was before. Throws InputError when the
    /// program makes no PDF of it.
    void print(const std::string& html, const std::string& path) const;

  private:
    std::string program_;
};

/// By the end of its name.
bool is_pdf_name(const std::string& path);

}  // namespace zoneval::report
