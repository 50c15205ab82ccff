// Four eyes: a run is made public by somebody other than its author, and stands until another takes its place.
#pragma once

#include <string>

#include "engine/store/store.hpp"

namespace zoneval::seal {

struct PublicationWanted {
    std::string approver;
    bool supersede = false;  ///< take the place of the published run
    std::string reason;      ///< why; needed with `supersede`
};

/// The publication of a stored run, not yet recorded. Throws InputError (ZV513) where the approver is the run's author,
/// where it is published already or was superseded, and where another run is published and is not to be superseded.
store::Publication make_publication(const store::Store& store, const store::Run& run, const PublicationWanted& wanted);

}  // namespace zoneval::seal
