#include "tests/store/power_cut.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace zoneval::store::test {

namespace {

constexpr std::size_t sector_size = 512;

}  // namespace

void Disk::Content::write(std::size_t at, std::string_view bytes) {
    if (at + bytes.size() > now.size()) resize(at + bytes.size());
    now.replace(at, bytes.size(), bytes);
    for (auto sector = at / sector_size; sector * sector_size < at + bytes.size(); ++sector)
        sectors[sector].push_back(now.substr(sector * sector_size, sector_size));
}

void Disk::Content::resize(std::size_t size) {
    now.resize(size);
    sizes.push_back(size);
}

void Disk::Content::sync() {
    synced = now;
    sectors.clear();
    sizes.clear();
}

/// Luck 0: nothing unsynced survives; 1: all of it does; else each piece is on its own.
void Disk::Content::survive(std::mt19937_64& chance, int luck) {
    const auto which = [&](std::size_t states) { return luck == 0 ? 0 : luck == 1 ? states : chance() % (states + 1); };
    if (const auto size = which(sizes.size()); size > 0) {
        const auto before = synced.size();
        synced.resize(sizes[size - 1]);
        // What a file was given and never wrote is what the disk held there.
        for (auto i = before; i < synced.size(); ++i) synced[i] = static_cast<char>(chance());
    }
    for (const auto& [sector, states] : sectors) {
        const auto at = sector * sector_size;
        const auto state = which(states.size());
        if (state == 0 || at >= synced.size()) continue;
        const auto& bytes = states[state - 1];
        const auto fits = std::min(bytes.size(), synced.size() - at);
        synced.replace(at, fits, bytes, 0, fits);
    }
    now = synced;
    sectors.clear();
    sizes.clear();
}

bool Disk::goes_on() {
    if (off_) return false;
    ++done_;
    off_ = --left_ == 0;
    return !off_;
}

void Disk::sync_folder() {
    if (!obeys_.folders) return;
    for (auto& [name, is] : names_) {
        is.synced = is.now;
        is.since.clear();
    }
}

void Disk::power_on(std::mt19937_64& chance) {
    const auto luck = static_cast<int>(chance() % 6);
    for (auto& [name, is] : names_) {
        const auto state = luck == 0 ? 0 : luck == 1 ? is.since.size() : chance() % (is.since.size() + 1);
        if (state > 0) is.synced = is.since[state - 1];
        is.now = is.synced;
        is.since.clear();
        if (is.now) is.now->survive(chance, luck);
    }
    off_ = false;
    left_ = UINT64_MAX;
}

struct Disk::Opened {
    sqlite3_file base;
    Disk* disk;
    Held content;
    bool has_name;
    bool new_journal;  ///< its name is synced with it, as SQLite does on Unix
};

/// What SQLite calls. Files without a name are temporary: nothing of them is counted.
struct Methods {
    static Disk::Opened& of(sqlite3_file* file) { return *reinterpret_cast<Disk::Opened*>(file); }
    static Disk& of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

    static int close(sqlite3_file* file) {
        of(file).~Opened();
        return SQLITE_OK;
    }
    static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 from) {
        const auto& opened = of(file);
        if (opened.disk->off_) return SQLITE_IOERR_READ;
        const auto& bytes = opened.content->now;
        const auto at = static_cast<std::size_t>(from), asked = static_cast<std::size_t>(size);
        const auto there = at < bytes.size() ? std::min(asked, bytes.size() - at) : 0;
        std::memset(to, 0, asked);
        if (there > 0) std::memcpy(to, bytes.data() + at, there);
        return there == asked ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
    }
    static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
        auto& opened = of(file);
        if (opened.disk->off_) return SQLITE_IOERR_WRITE;
        opened.content->write(static_cast<std::size_t>(at),
                              {static_cast<const char*>(bytes), static_cast<std::size_t>(size)});
        return !opened.has_name || opened.disk->goes_on() ? SQLITE_OK : SQLITE_IOERR_WRITE;
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size) {
        auto& opened = of(file);
        if (opened.disk->off_) return SQLITE_IOERR_TRUNCATE;
        opened.content->resize(static_cast<std::size_t>(size));
        return !opened.has_name || opened.disk->goes_on() ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
    }
    static int sync(sqlite3_file* file, int) {
        auto& opened = of(file);
        auto& disk = *opened.disk;
        if (!opened.has_name) return SQLITE_OK;
        if (!disk.goes_on()) return SQLITE_IOERR_FSYNC;
        if (disk.obeys_.files) opened.content->sync();
        if (!opened.new_journal) return SQLITE_OK;
        if (!disk.goes_on()) return SQLITE_IOERR_FSYNC;
        disk.sync_folder();
        opened.new_journal = false;
        return SQLITE_OK;
    }
    static int size(sqlite3_file* file, sqlite3_int64* out) {
        *out = static_cast<sqlite3_int64>(of(file).content->now.size());
        return SQLITE_OK;
    }
    static int lock(sqlite3_file*, int) { return SQLITE_OK; }
    static int is_locked(sqlite3_file*, int* out) {
        *out = 0;
        return SQLITE_OK;
    }
    static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
    static int unit(sqlite3_file*) { return 4096; }
    static int character(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }  // what it takes a disk for

    static const sqlite3_io_methods& all() {
        static const auto out = [] {
            sqlite3_io_methods m{};
            m.iVersion = 1;
            m.xClose = close, m.xRead = read, m.xWrite = write, m.xTruncate = truncate, m.xSync = sync;
            m.xFileSize = size, m.xLock = lock, m.xUnlock = lock, m.xCheckReservedLock = is_locked;
            m.xFileControl = control, m.xSectorSize = unit, m.xDeviceCharacteristics = character;
            return m;
        }();
        return out;
    }

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
        auto& disk = of(vfs);
        file->pMethods = nullptr;
        if (disk.off_) return SQLITE_CANTOPEN;
        auto& opened = *new (file) Disk::Opened{{}, &disk, nullptr, name != nullptr, false};
        if (name) {
            auto& is = disk.names_[name];
            if (!is.now) {
                if (!(flags & SQLITE_OPEN_CREATE) || !disk.goes_on()) {
                    opened.~Opened();
                    file->pMethods = nullptr;
                    return SQLITE_CANTOPEN;
                }
                is.now = std::make_shared<Disk::Content>();
                is.since.push_back(is.now);
                opened.new_journal = (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0;
            }
            opened.content = is.now;
        } else {
            opened.content = std::make_shared<Disk::Content>();
        }
        if (flags_out) *flags_out = flags;
        opened.base.pMethods = &all();
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
        auto& disk = of(vfs);
        auto& is = disk.names_[name];
        if (disk.off_) return SQLITE_IOERR_DELETE;
        if (!is.now) return SQLITE_IOERR_DELETE_NOENT;
        is.now = nullptr;
        is.since.push_back(nullptr);
        if (!disk.goes_on()) return SQLITE_IOERR_DELETE;
        if (!sync_folder) return SQLITE_OK;
        if (!disk.goes_on()) return SQLITE_IOERR_DIR_FSYNC;
        disk.sync_folder();
        return SQLITE_OK;
    }
    static int access(sqlite3_vfs* vfs, const char* name, int, int* out) {
        *out = of(vfs).names_[name].now ? 1 : 0;
        return SQLITE_OK;
    }
    static int full_name(sqlite3_vfs*, const char* name, int size, char* out) {
        sqlite3_snprintf(size, out, "%s", name);
        return SQLITE_OK;
    }
    static int random(sqlite3_vfs* vfs, int size, char* out) {
        auto* usual = of(vfs).usual_;
        return usual->xRandomness(usual, size, out);
    }
    static int sleep(sqlite3_vfs*, int) { return 0; }
    static int time(sqlite3_vfs* vfs, double* out) {
        auto* usual = of(vfs).usual_;
        return usual->xCurrentTime(usual, out);
    }
    static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

Disk::Disk(Obeys obeys) : obeys_(obeys), usual_(sqlite3_vfs_find(nullptr)) {
    vfs_.iVersion = 1;
    vfs_.szOsFile = sizeof(Opened);
    vfs_.mxPathname = 512;
    vfs_.zName = "power cut";
    vfs_.pAppData = this;
    vfs_.xOpen = Methods::open, vfs_.xDelete = Methods::remove, vfs_.xAccess = Methods::access;
    vfs_.xFullPathname = Methods::full_name, vfs_.xRandomness = Methods::random, vfs_.xSleep = Methods::sleep;
    vfs_.xCurrentTime = Methods::time, vfs_.xGetLastError = Methods::last_error;
    sqlite3_vfs_register(&vfs_, 1);
}

Disk::~Disk() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(usual_, 1);
}

}  // namespace zoneval::store::test
