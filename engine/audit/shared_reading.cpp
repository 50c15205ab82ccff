#include "engine/audit/shared_reading.hpp"

namespace zoneval::audit {

using exec::Reopened;
using feel::Value;
using graph::NodeId;

namespace {

class SharedValues : public exec::Values {
  public:
    SharedValues(exec::Values& values, std::mutex& mutex) : values_(values), mutex_(mutex) {}

    Value value(NodeId node, std::size_t record) override {
        const std::lock_guard alone(mutex_);
        return values_.value(node, record);
    }
    exec::Outcome outcome(NodeId decision, std::size_t record) override {
        const std::lock_guard alone(mutex_);
        return values_.outcome(decision, record);
    }
    /// A copy, for another thread may ask next.
    const Reopened* earlier(NodeId history, std::size_t record) override {
        const std::lock_guard alone(mutex_);
        const auto* found = values_.earlier(history, record);
        earlier_ = found ? std::optional(*found) : std::nullopt;
        return earlier_ ? &*earlier_ : nullptr;
    }
    std::map<NodeId, Reopened> reopened(const std::vector<NodeId>& nodes, std::size_t record) override {
        const std::lock_guard alone(mutex_);
        return values_.reopened(nodes, record);
    }
    const exec::CohortMembers* members() const override { return values_.members(); }  // read by several as it is

  private:
    exec::Values& values_;
    std::mutex& mutex_;
    std::optional<Reopened> earlier_;
};

class SharedHistory : public exec::History {
  public:
    SharedHistory(const exec::History& history, std::mutex& mutex) : history_(history), mutex_(mutex) {}

    std::optional<Value> value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const override {
        const std::lock_guard alone(mutex_);
        return history_.value(node, record, year);
    }
    std::optional<Reopened> reopened(const graph::Node& node, exec::RecordAt record, std::int32_t year) const override {
        const std::lock_guard alone(mutex_);
        return history_.reopened(node, record, year);
    }
    bool may_be_reopened(const graph::Node& node, std::int32_t year) const override {
        const std::lock_guard alone(mutex_);
        return history_.may_be_reopened(node, year);
    }

  private:
    const exec::History& history_;
    std::mutex& mutex_;
};

}  // namespace

SharedReading::SharedReading(const assess::Assessment& assessment, std::mutex& mutex)
    : evaluation_(assessment.evaluation), history_(std::make_unique<SharedHistory>(*assessment.history, mutex)) {
    evaluation_.values = std::make_shared<SharedValues>(*assessment.evaluation.values, mutex);
}

}  // namespace zoneval::audit
