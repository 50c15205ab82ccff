// What happens to some of the invented zones; the rest is left to chance. Included by generate.cpp.

/// From a year on, a zone's hidden quality moves by so much: what its rectification came to, or a decline.
struct Turn {
    std::string_view zone;
    int year;
    Int quality;
};
constexpr std::array turns = {
    Turn{"Invented-N04", 2022, 900}, Turn{"Invented-N12", 2022, 800}, Turn{"Invented-C24", 2023, 600},
    Turn{"Invented-C31", 2024, 600}, Turn{"Invented-E54", 2024, 500},
};

/// What the supervising department found about a zone that had been warned.
struct Finding {
    std::string_view zone;
    int year;
    std::string_view finding;
};
constexpr std::array findings = {
    Finding{"Invented-C31", 2022, "insufficient"},   Finding{"Invented-C35", 2022, "insufficient"},
    Finding{"Invented-W19", 2022, "accepted"},       Finding{"Invented-W32", 2022, "under way"},
    Finding{"Invented-N04", 2022, "accepted"},       Finding{"Invented-N06", 2022, "not yet judged"},
    Finding{"Invented-N12", 2022, "accepted"},       Finding{"Invented-C24", 2023, "accepted"},
    Finding{"Invented-C31", 2023, "under way"},      Finding{"Invented-C35", 2023, "insufficient"},
    Finding{"Invented-C39", 2023, "not yet judged"}, Finding{"Invented-W20", 2023, "under way"},
    Finding{"Invented-W32", 2023, "under way"},      Finding{"Invented-N06", 2023, "insufficient"},
    Finding{"Invented-C31", 2024, "accepted"},       Finding{"Invented-C39", 2024, "insufficient"},
    Finding{"Invented-C44", 2024, "under way"},      Finding{"Invented-E54", 2024, "accepted"},
    Finding{"Invented-N06", 2024, "insufficient"},   Finding{"Invented-W19", 2024, "under way"},
    Finding{"Invented-W20", 2024, "partly"},         Finding{"Invented-W22", 2024, ""},
    Finding{"Invented-W32", 2024, "under way"},  // W22: not judged yet
};

/// What the authority did. Proposals of a year are acted upon in the summer of the next.
struct Act {
    std::string_view zone, issued, kind, served, annulled, ground;
};
constexpr std::array acts = {
    Act{"Invented-E02", "2021-06-18", "commendation", "2021-06-18", "", ""},
    Act{"Invented-C31", "2022-06-20", "interview", "2022-06-27", "", "poor result"},
    Act{"Invented-C35", "2022-06-20", "interview", "2022-06-27", "", "poor result"},
    Act{"Invented-W19", "2022-06-20", "interview", "2022-06-28", "", "poor result"},
    Act{"Invented-W32", "2022-06-20", "interview", "2022-06-28", "", "poor result"},
    Act{"Invented-N04", "2022-06-21", "interview", "2022-06-29", "", "poor result"},
    Act{"Invented-N06", "2022-06-21", "interview", "2022-06-29", "", "poor result"},
    Act{"Invented-N12", "2022-06-21", "interview", "2022-06-29", "", "poor result"},
    Act{"Invented-C31", "2023-02-15", "notice", "2023-02-20", "2023-11-08", "failed rectification"},  // on appeal
    Act{"Invented-C35", "2023-02-15", "notice", "2023-02-20", "", "failed rectification"},
    Act{"Invented-E02", "2023-05-30", "commendation", "2023-05-30", "", ""},
    Act{"Invented-C24", "2023-06-19", "interview", "2023-06-26", "", "poor result"},
    Act{"Invented-C39", "2023-06-19", "interview", "2023-06-26", "", "poor result"},
    Act{"Invented-W20", "2023-06-19", "interview", "2023-06-27", "", "poor result"},
    Act{"Invented-N06", "2024-03-11", "notice", "2024-03-15", "", "failed rectification"},
    Act{"Invented-C35", "2024-05-20", "revocation", "2024-05-27", "", "failed rectification"},
    Act{"Invented-W19", "2024-06-17", "notice", "2024-06-24", "", "poor result"},
    Act{"Invented-E54", "2024-06-17", "interview", "2024-06-21", "", "poor result"},
    Act{"Invented-W22", "2024-06-17", "interview", "2024-06-24", "", "report"},
    Act{"Invented-C44", "2024-06-17", "other warning", "2024-06-25", "", "report"},
};

/// What the statistical office found of reports that were not complete.
struct Report {
    std::string_view zone;
    int year;
    std::string_view status;
};
constexpr std::array reports = {
    Report{"Invented-C44", 2023, "not filed"},
    Report{"Invented-W22", 2022, "incomplete"},
    Report{"Invented-W22", 2023, "incomplete"},
    Report{"Invented-N09", 2024, "late"},
};
/// Figures that took in more than the approved planned area.
struct Wide {
    std::string_view zone;
    int year;
};
constexpr std::array wider = {Wide{"Invented-E41", 2024}};

/// Figures that had not arrived, beyond those left out by chance.
struct Gap {
    std::string_view zone;
    int year;
    std::string_view header;
};
constexpr std::array gaps = {
    Gap{"Invented-C39", 2021, "leading industry share"},
};

/// Figures of 2021 that were put right in revision-2021.csv, beyond those that only came late.
struct Correction {
    std::string_view zone;
    std::string_view header;
    std::string_view cell;
};
constexpr std::array corrections = {
    Correction{"Invented-N12", "R&D expenditure", "29.32"},       // figures transposed in the first report
    Correction{"Invented-N07", "technology contracts", "48.92"},  // a digit misread: no interview was due
};
/// Zones whose missing figures of 2021 all came late.
const std::set<std::string_view> late_zones = {"Invented-C39"};
