#include "engine/exec/patterns/lane_key.hpp"

#include <algorithm>
#include <bit>

namespace zoneval::exec {

using Kind = CellProgram::Kind;

std::unique_ptr<LaneKey> LaneKey::of(const CellProgram& program, const std::vector<const OutcomeKey*>& decisions) {
    std::unique_ptr<LaneKey> out(new LaneKey(program));
    for (const auto* key : decisions) out->add(*key);
    return out->program_.has_room() ? std::move(out) : nullptr;
}

LaneKey::LaneKey(const CellProgram& program) : program_(program) {
    const auto& steps = program_.steps();
    for (std::size_t s = 0; s < steps.size(); ++s) {
        const auto& cells = *steps[s].cells;
        const bool leaf = cells.kind == Kind::number || cells.kind == Kind::coded || cells.kind == Kind::earlier;
        if (leaf) kinds_.push_back(s);
        // What it is missing for, or its place, tells its state.
        const bool told =
            leaf && (cells.kind != Kind::earlier || cells.earlier->front().data || cells.earlier->front().repeated);
        if (told || cells.kind == Kind::constant) continue;
        for (const auto reading : program_.readings())
            if (reading != RecordCells::all || steps[s].may_differ) states_.emplace_back(reading, s);
    }
}

void LaneKey::add(const OutcomeKey& key) {
    const auto step_of = [&](graph::NodeId id) { return program_.step_of()[at(id)]; };
    for (const auto& slot : key.slots_) {
        Slot out;
        out.step = static_cast<std::size_t>(step_of(slot.id));
        out.by_position = slot.by_position;
        for (const auto& constant : slot.constants)
            out.constants.push_back(End::of(constant, program_.steps()[out.step].scale));
        slots_.push_back(std::move(out));
    }
    for (auto& piece : pieces_of(key.pieces_)) pieces_.push_back(std::move(piece));
    for (const auto& apart : key.apart_)
        apart_.push_back({step_of(apart.blank), apart.pieces ? std::optional(pieces_of(*apart.pieces)) : std::nullopt});
}

std::vector<LaneKey::Piece> LaneKey::pieces_of(const std::vector<OutcomeKey::Piece>& pieces) {
    std::vector<Piece> out;
    for (const auto& piece : pieces) {
        Piece made;
        made.of_score = piece.of_score;
        for (const auto slot : piece.term.slots) {
            made.steps.push_back(program_.step_of()[at(slot)]);
            made.told = made.told && made.steps.back() >= 0;
        }
        const bool is_name = piece.term.form == CellTerm::Form::slot;
        if (!is_name) made.term = program_.term(piece.term);
        made.told = made.told && (is_name || made.term);
        out.push_back(std::move(made));
    }
    return out;
}

/// The words of one block.
class LaneKey::Words {
  public:
    Words(const LaneKey& key, Lanes& lanes, std::span<std::vector<std::uint64_t>> out)
        : key_(key), lanes_(lanes), out_(out), readings_(key.program_.readings()) {
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            out[i].clear();
            out[i].reserve(usual_words);
            told_[i] = lanes.told(i);
            if (told_[i]) which_.push_back(static_cast<std::uint8_t>(i));
        }
    }

    void make() {
        states();
        for (const auto& slot : key_.slots_) add(slot);
        for (const auto& piece : key_.pieces_) add(piece, which_);
        for (const auto& apart : key_.apart_) add(apart);
        for (const auto i : which_)
            if (told_[i])
                out_[i].push_back(lanes_.branches(i));  // pieces have some, too
            else
                out_[i].clear();
    }

  private:
    /// Calls f for each record that is told so far; false: this one is not.
    template <class F>
    void each(std::span<const std::uint8_t> which, F f) {
        for (const auto i : which)
            if (told_[i]) told_[i] = f(i);
    }

    void states() {
        for (const auto i : which_) {
            auto& words = out_[i];
            std::uint64_t word = 0, bytes = 0;
            for (const auto& [reading, step] : key_.states_) {
                word = word << 8 | lanes_.lane(reading, step, i).kind;
                if (++bytes % 8 == 0) words.push_back(word);
            }
            words.push_back(word);
            std::uint64_t kinds = 0;
            word = 0;
            for (const auto step : key_.kinds_) {
                word = word << 32 | lanes_.kind_of(step, i);
                if (++kinds % 2 == 0) words.push_back(word);
            }
            words.push_back(word);
        }
    }
    static constexpr std::size_t usual_words = 32;

    void add(const Slot& slot) {
        each(which_, [&](std::uint8_t i) {
            for (const auto reading : readings_) {
                const auto& lane = lanes_.lane(reading, slot.step, i);
                if (!(slot.by_position ? position(lane, slot.constants, out_[i]) : exactly(lane, out_[i])))
                    return false;
            }
            return true;
        });
    }
    static bool position(const Lane& lane, const std::vector<End>& constants, std::vector<std::uint64_t>& words) {
        std::uint64_t both = 0;
        for (const auto* end :
             {lane.is(Lane::has_low) ? &lane.low : nullptr, lane.is(Lane::has_high) ? &lane.high : nullptr}) {
            std::uint64_t at = 0;
            if (end) {
                at = 1;
                for (const auto& constant : constants) {
                    const auto which = order(*end, constant);
                    if (which == untold_order) return false;
                    at += which > 0 ? 2 : which == 0 ? 1 : 0;
                    if (which <= 0) break;
                }
            }
            both = both << 32 | at;
        }
        words.push_back(both);
        return true;
    }
    /// With what it is, the numbers themselves.
    static bool exactly(const Lane& lane, std::vector<std::uint64_t>& words) {
        words.push_back(lane.kind);
        for (const auto* end :
             {lane.is(Lane::has_low) ? &lane.low : nullptr, lane.is(Lane::has_high) ? &lane.high : nullptr}) {
            if (!end) continue;
            if (!end->exact()) return false;
            words.push_back(std::bit_cast<std::uint64_t>(end->k + 0.0));
        }
        return true;
    }

    /// As OutcomeKey::append_piece.
    void add(const Piece& piece, std::span<const std::uint8_t> which) {
        std::vector<std::uint8_t> known;
        each(which, [&](std::uint8_t i) {
            if (!piece.told) return false;
            if (piece.term && all_known(piece, i)) {
                known.push_back(i);
                return true;
            }
            return std::all_of(piece.steps.begin(), piece.steps.end(), [&](int step) {
                if (key_.program_.steps()[static_cast<std::size_t>(step)].cells->kind == Kind::earlier_list)
                    return false;
                return std::all_of(readings_.begin(), readings_.end(), [&](LaneProgram::Reading reading) {
                    return exactly(lanes_.lane(reading, static_cast<std::size_t>(step), i), out_[i]);
                });
            });
        });
        if (known.empty()) return;
        for (const auto reading : readings_) {
            lanes_.eval(*piece.term, reading, piece.of_score, known, found_.data());
            std::size_t j = 0;
            for (const auto i : known) {
                const auto& found = found_[j++];
                told_[i] = told_[i] && found.told() && exactly(found, out_[i]);
            }
        }
    }
    bool all_known(const Piece& piece, std::uint8_t i) const {
        return std::all_of(piece.steps.begin(), piece.steps.end(), [&](int step) {
            return std::all_of(readings_.begin(), readings_.end(), [&](LaneProgram::Reading reading) {
                return lanes_.lane(reading, static_cast<std::size_t>(step), i).known();
            });
        });
    }

    /// As OutcomeKey::append_apart.
    void add(const Apart& apart) {
        std::vector<std::uint8_t> open;
        for (const auto i : which_)
            if (apart.step < 0 || lanes_.lane(RecordCells::now, static_cast<std::size_t>(apart.step), i).is(Lane::open))
                open.push_back(i);
        if (!apart.pieces) return;  // that it is open is told
        for (const auto& piece : *apart.pieces) add(piece, open);
    }

    const LaneKey& key_;
    Lanes& lanes_;
    std::span<std::vector<std::uint64_t>> out_;
    std::span<const LaneProgram::Reading> readings_;
    std::vector<std::uint8_t> which_;  ///< told by the lanes
    std::array<bool, lanes_at_once> told_{};
    std::array<Lane, lanes_at_once> found_;
};

void LaneKey::words(Lanes& lanes, std::span<std::vector<std::uint64_t>> out) const { Words(*this, lanes, out).make(); }

}  // namespace zoneval::exec
