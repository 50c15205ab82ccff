#include "engine/store/store.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "engine/diag/file_bytes.hpp"
#include "engine/diag/no_memory.hpp"
#include "engine/store/impl.hpp"
#include "engine/store/schema.hpp"

namespace zoneval::store {

namespace {

/// What keeps a path from being opened as an existing store, before SQLite says it less well.
void refuse_missing(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (!std::filesystem::exists(path, error))
        refuse_store(Kind::store_error, path, "there is no such store",
                     "check the path, or make the store with `zoneval import`");
    if (size == 0 && std::filesystem::is_regular_file(path, error))
        refuse_store(Kind::not_a_store, path, "the file is empty", "name a store made by `zoneval import`");
}

}  // namespace

Store::Store(const std::string& path, Mode mode, std::chrono::milliseconds wait) {
    const bool may_create = mode == Mode::create_or_open;
    if (!may_create) refuse_missing(path);
    impl_ = std::make_unique<Impl>(path, may_create ? Database::Create::yes : Database::Create::no, wait);
    impl_->as_it_stands = mode == Mode::as_it_stands;
    open_store(impl_->database, mode == Mode::to_read || mode == Mode::as_it_stands ? Access::read
                                : mode == Mode::to_try                              ? Access::on_trial
                                                                                    : Access::write);
}

Store::Reading::Reading(std::unique_ptr<ReadTransaction> transaction) : transaction_(std::move(transaction)) {}
Store::Reading::~Reading() = default;
Store::Reading::Reading(Reading&&) noexcept = default;

Store::Reading Store::read() const { return Reading(std::make_unique<ReadTransaction>(impl_->database)); }

Store::Reading Store::read_sound() const {
    auto out = read();
    require_sound();
    return out;
}

Store::Writing::Writing(Store& store, std::unique_ptr<Transaction> transaction)
    : store_(&store), transaction_(std::move(transaction)) {}
Store::Writing::Writing(Writing&&) noexcept = default;

Store::Writing::~Writing() {
    if (transaction_ && !committed_) store_->impl_->forget();
}

void Store::Writing::commit() {
    transaction_->commit();
    committed_ = true;
}

Store::Writing Store::write() { return {*this, std::make_unique<Transaction>(impl_->database)}; }

void Store::Impl::forget() const {
    heads_.clear();
    sound_.clear();
    known_at_ = -1;
    sound_at_.reset();
}

void Store::Impl::forget_if_written_by_others() const {
    const auto version = database.pragma("data_version");
    if (version == known_at_) return;
    heads_.clear();
    sound_.clear();
    known_at_ = version;
}

const std::vector<BatchHead>& Store::Impl::heads() const {
    const ReadTransaction one_state(database);
    forget_if_written_by_others();
    read_heads(database, heads_);
    return heads_;
}

const std::vector<BatchHead>& Store::Impl::sound_heads() const {
    const ReadTransaction one_state(database);
    const auto& out = heads();
    if (as_it_stands) return out;
    for (const auto& head : out)
        if (head.damage) fail_damaged(database, head.batch.revision, say(*head.damage, wording::Language::en));
    const auto last = out.empty() ? 0 : out.back().batch.revision;
    if (const auto given = last_id_given(database, "batch"); given != last)
        fail_damaged(database, std::max(given, last), "it is gone");
    return out;
}

bool Store::Impl::is_sound(const BatchHead& head) const {
    if (as_it_stands) return true;
    if (head.damage) return false;
    if (sound_.contains(head.batch.revision)) return true;
    for (const auto& column : head.columns) {
        Statement cells(database, "SELECT cells FROM batch_column WHERE rowid = ?");
        if (!cells.bind(1, column.row).step() || sha256(cells.text(0)) != column.hash) return false;
    }
    sound_.insert(head.batch.revision);
    return true;
}

Store::~Store() = default;
Store::Store(Store&&) noexcept = default;

std::string now_utc() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

namespace {

/// Of a user who stands in /etc/passwd (name:password:number:…); empty: of another kind.
std::string name_in_passwd(std::string_view number) {
    const auto users = file_bytes("/etc/passwd").value_or("");
    for (std::size_t begin = 0; begin < users.size();) {
        const auto end = std::min(users.find('\n', begin), users.size());
        const auto line = std::string_view(users).substr(begin, end - begin);
        const auto name = line.find(':'), password = line.find(':', name + 1), of = line.find(':', password + 1);
        const bool whole = name != line.npos && password != line.npos && of != line.npos;
        if (whole && name > 0 && line.substr(password + 1, of - password - 1) == number)
            return std::string(line.substr(0, name));
        begin = end + 1;
    }
    return "";
}

}  // namespace

std::string user_name() {
    // Most stand there, and glibc's own lookup reads what a null points to where it gets no memory.
    if (auto name = name_in_passwd(std::to_string(geteuid())); !name.empty()) return name;
    const MemoryWatch watch;
    if (const auto* entry = getpwuid(geteuid())) return entry->pw_name;
    watch.check();
    const char* name = std::getenv("USER");
    return name ? name : "unknown";
}

void fail_damaged(const Database& database, std::int64_t revision, const std::string& detail) {
    refuse_store(Kind::store_error, database.path(),
                 fmt::format("revision {} of the store has been altered or is damaged ({})", revision, detail),
                 "restore the file from a copy");
}

}  // namespace zoneval::store
