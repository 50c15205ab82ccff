// A disk in memory, under SQLite's own interface, that loses what was not synced when its power is cut.
//
// Every sector of 512 bytes, every size of a file and every name in the folder is on its own: what stands there after
// the cut is what was synced last, or any one of the states it has had since. So writes are dropped and reordered, and
// pages torn, in every way a disk, its cache or its file system may have.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace zoneval::store::test {

class Disk {
  public:
    /// What it does when asked to sync. One that does less shows that a test on it can fail.
    struct Obeys {
        bool files = true, folders = true;
    };
    /// While it lives, SQLite opens files on it and nowhere else. One at a time.
    explicit Disk(Obeys obeys = {.files = true, .folders = true});
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    /// The power goes at that operation from now on (a write, a new size, a sync, a file made or removed): it and all
    /// that follow fail.
    void cut_at(std::uint64_t operation) { left_ = operation; }
    bool is_off() const { return off_; }
    std::uint64_t operations() const { return done_; }  ///< so far
    /// Decides by `chance` what survived, which then is what the disk holds.
    void power_on(std::mt19937_64& chance);

  private:
    struct Content {
        std::string now, synced;
        std::map<std::size_t, std::vector<std::string>> sectors;  ///< states since the last sync, the oldest first
        std::vector<std::size_t> sizes;                           ///< likewise
        void write(std::size_t at, std::string_view bytes);
        void resize(std::size_t size);
        void sync();
        void survive(std::mt19937_64& chance, int luck);
    };
    using Held = std::shared_ptr<Content>;
    struct Name {
        Held now, synced;  ///< null: there is none of that name
        std::vector<Held> since;
    };
    struct Opened;
    friend struct Methods;

    /// Counts an operation. False: the power has gone before, or goes with this one.
    bool goes_on();
    void sync_folder();

    Obeys obeys_;
    std::map<std::string, Name> names_;
    std::uint64_t left_ = UINT64_MAX, done_ = 0;
    bool off_ = false;
    sqlite3_vfs vfs_{};
    sqlite3_vfs* usual_ = nullptr;
};

}  // namespace zoneval::store::test
