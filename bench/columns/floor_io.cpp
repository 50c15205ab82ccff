// bench_floor_io FILE.csv OUT.sqlite: the ends of the way written by hand. `parse`: the mapped file to columns of
// doubles and codes, each field once. `write`: five columns into SQLite by one INSERT … SELECT from a virtual table,
// one transaction. What an end to end run is measured against; neither checks what it reads, nor keeps where it came
// from.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <string>
#include <vector>

namespace {

struct Columns {
    std::vector<std::int64_t> id;
    std::vector<std::int8_t> codes[4];  ///< region, level, prior, rect by their first letters
    std::vector<double> x[14];
};

double processor_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

/// A number of at most two decimals, up to its comma or line end; blank is NaN.
const char* number(const char* p, double& out) {
    const bool minus = *p == '-';
    p += minus;
    std::int64_t whole = 0, cents = 0;
    const char* begin = p;
    for (; static_cast<unsigned char>(*p - '0') < 10; ++p) whole = whole * 10 + (*p - '0');
    if (*p == '.') cents = (p[1] - '0') * 10 + (p[2] - '0'), p += 3;
    const auto v = static_cast<double>(whole * 100 + cents) / 100;
    out = p == begin ? std::numeric_limits<double>::quiet_NaN() : minus ? -v : v;
    return p + 1;
}

const char* text(const char* p, std::int8_t& out) {
    out = static_cast<std::int8_t>(*p == ',' ? -1 : *p ^ p[1] * 3);
    return static_cast<const char*>(::rawmemchr(p, ',')) + 1;
}

void parse(const char* data, std::size_t size, Columns& c) {
    const char* p = static_cast<const char*>(std::memchr(data, '\n', size)) + 1;
    const auto guess = size / 100;
    const auto empty = [&](auto& v) { v.clear(), v.reserve(guess); };
    empty(c.id);
    for (auto& v : c.codes) empty(v);
    for (auto& v : c.x) empty(v);
    while (p < data + size) {
        double v = 0;
        std::int8_t k = 0;
        p = number(p, v), c.id.push_back(static_cast<std::int64_t>(v));
        p = number(p, v);
        for (auto& codes : c.codes) p = text(p, k), codes.push_back(k);
        for (auto& x : c.x) p = number(p, v), x.push_back(v);
    }
}

// Five columns as a table of SQLite's: id, score, and three codes.
struct Table {
    sqlite3_vtab base;
    const Columns* columns;
};
struct Cursor {
    sqlite3_vtab_cursor base;
    const Columns* columns;
    std::size_t at;
};

int connect(sqlite3* db, void* columns, int, const char* const*, sqlite3_vtab** out, char**) {
    auto* table = static_cast<Table*>(sqlite3_malloc(sizeof(Table)));
    *table = {{}, static_cast<const Columns*>(columns)};
    *out = &table->base;
    return sqlite3_declare_vtab(
        db, "CREATE TABLE t(id INTEGER, score REAL, class INTEGER, entry INTEGER, verdict INTEGER)");
}
int disconnect(sqlite3_vtab* table) { return sqlite3_free(table), SQLITE_OK; }
int best_index(sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; }
int open(sqlite3_vtab* table, sqlite3_vtab_cursor** out) {
    auto* cursor = static_cast<Cursor*>(sqlite3_malloc(sizeof(Cursor)));
    *cursor = {{}, reinterpret_cast<Table*>(table)->columns, 0};
    *out = &cursor->base;
    return SQLITE_OK;
}
int close(sqlite3_vtab_cursor* cursor) { return sqlite3_free(cursor), SQLITE_OK; }
Cursor& of(sqlite3_vtab_cursor* cursor) { return *reinterpret_cast<Cursor*>(cursor); }
int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) { return of(cursor).at = 0, SQLITE_OK; }
int next(sqlite3_vtab_cursor* cursor) { return ++of(cursor).at, SQLITE_OK; }
int eof(sqlite3_vtab_cursor* cursor) { return of(cursor).at >= of(cursor).columns->id.size(); }
int rowid(sqlite3_vtab_cursor* cursor, sqlite3_int64* out) {
    return *out = static_cast<sqlite3_int64>(of(cursor).at), SQLITE_OK;
}
int column(sqlite3_vtab_cursor* cursor, sqlite3_context* out, int k) {
    const auto& c = *of(cursor).columns;
    const auto i = of(cursor).at;
    if (k == 0)
        sqlite3_result_int64(out, c.id[i]);
    else if (k == 1)
        sqlite3_result_double(out, c.x[6][i]);
    else
        sqlite3_result_int(out, c.codes[k - 1][i] & 3);
    return SQLITE_OK;
}

bool write(const std::string& path, Columns& columns) {
    ::unlink(path.c_str());
    sqlite3* db = nullptr;
    if (sqlite3_open(path.c_str(), &db) != SQLITE_OK) return false;
    sqlite3_module module{};
    module.iVersion = 1;
    module.xCreate = module.xConnect = connect, module.xDisconnect = module.xDestroy = disconnect,
    module.xBestIndex = best_index;
    module.xOpen = open, module.xClose = close, module.xFilter = filter, module.xNext = next, module.xEof = eof;
    module.xColumn = column, module.xRowid = rowid;
    sqlite3_create_module(db, "columns", &module, &columns);
    const auto done =
        sqlite3_exec(
            db,
            "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; CREATE VIRTUAL TABLE temp.source USING columns; "
            "BEGIN;"
            "CREATE TABLE outcome(id INTEGER PRIMARY KEY, score REAL, class INTEGER, entry INTEGER, verdict INTEGER);"
            "INSERT INTO outcome SELECT * FROM source; COMMIT",
            nullptr, nullptr, nullptr) == SQLITE_OK;
    if (!done) std::fprintf(stderr, "bench_floor_io: %s\n", sqlite3_errmsg(db));
    sqlite3_close(db);
    return done;
}

template <class F>
void measure(const char* stage, const Columns& columns, F work) {
    double cpu = 1e9, wall = 1e9;
    for (int round = 0; round < 3; ++round) {
        const auto began = std::chrono::steady_clock::now();
        const auto cpu_began = processor_seconds();
        work();
        cpu = std::min(cpu, processor_seconds() - cpu_began);
        wall = std::min(wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "{\"workload\": \"W1\", \"rows\": %zu, \"system\": \"C++ loop, double\", \"stage\": \"%s\", \"threads\": 1, "
        "\"cpu_ns_per_row\": %.1f, "
        "\"wall_ms\": %.1f, \"peak_mb\": %ld, \"checksum\": null}\n",
        columns.id.size(), stage, cpu * 1e9 / static_cast<double>(std::max<std::size_t>(columns.id.size(), 1)),
        wall * 1e3, usage.ru_maxrss / 1024);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return std::fputs("usage: bench_floor_io FILE.csv OUT.sqlite\n", stderr), 2;
    const int file = ::open(argv[1], O_RDONLY);
    struct stat about {};
    if (file < 0 || ::fstat(file, &about) != 0) return std::perror(argv[1]), 1;
    const auto size = static_cast<std::size_t>(about.st_size);
    const auto* data = static_cast<const char*>(::mmap(nullptr, size + 1, PROT_READ, MAP_PRIVATE, file, 0));
    if (data == MAP_FAILED) return std::perror(argv[1]), 1;
    Columns columns;
    measure("parse", columns, [&] { parse(data, size, columns); });
    bool good = true;
    measure("write", columns, [&] { good = write(argv[2], columns) && good; });
    return good ? 0 : 1;
}
