package dev.sluice.testkit.reference;

import java.util.Locale;
import java.util.function.Supplier;

/** The broken variants of the reference provider; each names the theme of the suite that ought to notice. */
public enum Mutant {

    DROPS_A_MESSAGE("Messages", MessageMutants.Drops::new), DUPLICATES_A_MESSAGE("Messages",
            MessageMutants.Duplicates::new), SWAPS_TWO_MESSAGES("Messages",
                    MessageMutants.Swaps::new), LOSES_EMPTY_MESSAGES("Messages",
                            MessageMutants.LosesEmpty::new), CORRUPTS_AT_THE_WRAP("Messages",
                                    MessageMutants.CorruptsAtTheWrap::new), DELIVERS_ABORTED_CLAIMS("Messages",
                                            MessageMutants.DeliversAborted::new), LEAKS_CREDIT_ON_ABORT("Messages",
                                                    MessageMutants.LeaksCredit::new), ACCEPTS_TOO_LARGE("Messages",
                                                            MessageMutants.AcceptsTooLarge::new), SENDS_DESPITE_BACK_PRESSURE(
                                                                    "FlowControl",
                                                                    MessageMutants.SendsRefused::new), REUSES_VIEWS_EARLY(
                                                                            "Delivery",
                                                                            MessageMutants.ReusesViews::new), CONSUMES_ABORTED_MESSAGES(
                                                                                    "Delivery",
                                                                                    MessageMutants.ConsumesAborted::new), RELEASES_TWICE_ON_EXCEPTION(
                                                                                            "Delivery",
                                                                                            MessageMutants.ReleasesTwice::new), RELEASES_NOT_ON_EXCEPTION(
                                                                                                    "Delivery",
                                                                                                    MessageMutants.ReleasesNot::new), ALLOCATES_PER_OPERATION(
                                                                                                            "Allocation",
                                                                                                            MessageMutants.Allocates::new),

    COMPLETES_TWICE("Completions", EventMutants.CompletesTwice::new), TRUNCATES_COOKIES("Completions",
            EventMutants.TruncatesCookies::new), LOSES_FLUSHED("Faults",
                    EventMutants.LosesFlushed::new), DISCONNECTS_TWICE("Faults",
                            EventMutants.DisconnectsTwice::new), DISCONNECTS_NOT_LAST("Faults",
                                    EventMutants.DisconnectsNotLast::new), NEVER_WRITABLE("Completions",
                                            EventMutants.NeverWritable::new), WRITABLE_TWICE("Completions",
                                                    EventMutants.WritableTwice::new), SWAPS_IMMEDIATE_BYTES(
                                                            "Immediates",
                                                            EventMutants.SwapsImmediate::new), LOSES_IMMEDIATE_SIGN(
                                                                    "Immediates",
                                                                    EventMutants.LosesSign::new), NEVER_ENDS("Ending",
                                                                            EventMutants.NeverEnds::new),

    REPORTS_SILENT_OPERATIONS("Completions", OperationMutants.ReportsSilent::new), HIDES_SILENT_FAILURES("Completions",
            OperationMutants.HidesSilentFailures::new), COMPLETES_IN_THE_POSTING_CALL("Completions",
                    OperationMutants.CompletesInPost::new), COMPLETES_BEFORE_PLACEMENT("OneSided",
                            OperationMutants.CompletesBeforePlacement::new), MISCOUNTS_LONG_OPERATIONS("Immediates",
                                    OperationMutants.MiscountsLong::new), MESSAGES_OVERTAKE_WRITES("Immediates",
                                            OperationMutants.MessagesOvertake::new), READS_OVERTAKE_WRITES("Ordering",
                                                    OperationMutants.ReadsOvertake::new), IGNORES_FENCES("Ordering",
                                                            OperationMutants.IgnoresFences::new), IMMEDIATE_BEFORE_BYTES(
                                                                    "Immediates",
                                                                    OperationMutants.ImmediateFirst::new), IGNORES_OPERATION_TIMEOUTS(
                                                                            "Deadlines",
                                                                            OperationMutants.IgnoresTimeouts::new), FORGETS_WAKEUPS(
                                                                                    "Threads",
                                                                                    OperationMutants.ForgetsWakeups::new), LOSES_WAKE_UPS(
                                                                                            "Threads",
                                                                                            OperationMutants.LosesWakeUps::new), ENDS_BEFORE_THE_LAST_MESSAGE(
                                                                                                    "Ending",
                                                                                                    OperationMutants.EndsEarly::new), DROPS_THE_TAIL_AT_SHUTDOWN(
                                                                                                            "Ending",
                                                                                                            OperationMutants.DropsTail::new), CLOSE_RETURNS_EARLY(
                                                                                                                    "Ending",
                                                                                                                    OperationMutants.CloseReturnsEarly::new), LOSES_REJECT_REASONS(
                                                                                                                            "Connecting",
                                                                                                                            OperationMutants.LosesReason::new),

    ATOMICS_TEAR("Atomics", MemoryMutants.Tears::new), SWAP_RESULT_IS_NEW_VALUE("Atomics",
            MemoryMutants.WrongOldValue::new), GRANTED_BOUND_OFF_BY_ONE("Access",
                    MemoryMutants.GrantedBound::new), LOCAL_BOUND_OFF_BY_ONE("Results",
                            MemoryMutants.LocalBound::new), IGNORES_REVOCATION("Access",
                                    MemoryMutants.IgnoresRevocation::new), ACCEPTS_KEYS_OF_OTHERS("Access",
                                            MemoryMutants.AcceptsForeignKeys::new), IGNORES_RIGHTS("Access",
                                                    MemoryMutants.IgnoresRights::new), CLOSES_REGIONS_IN_USE(
                                                            "Completions",
                                                            MemoryMutants.ClosesInUse::new), LOSES_FILE_TAILS("Files",
                                                                    MemoryMutants.LosesTail::new), SKIPS_FILE_HOLES(
                                                                            "Files",
                                                                            MemoryMutants.SkipsHoles::new), HIDES_TRUNCATION(
                                                                                    "Files",
                                                                                    MemoryMutants.HidesTruncation::new);

    private final String theme;
    @SuppressWarnings("ImmutableEnumChecker") // makes a new one each time
    private final Supplier<Steps> steps;

    Mutant(String theme, Supplier<Steps> steps) {
        this.theme = theme;
        this.steps = steps;
    }

    /** The theme that is run first. */
    public String theme() {
        return theme;
    }

    /** What to open. */
    public String uri() {
        return "mutant://" + name().toLowerCase(Locale.ROOT);
    }

    Steps steps() {
        return steps.get();
    }
}
