package dev.sluice.testkit.reference;

import java.util.Locale;
import java.util.function.Supplier;

/** The broken variants of the reference provider; each names the theme or test of the suite that ought to notice. */
public enum Mutant {

    /** Every 64th message is taken back instead of committed. */
    DROPS_A_MESSAGE("Messages", MessageMutants.Drops::new),
    /** Every 64th record is not gone past. */
    DUPLICATES_A_MESSAGE("Messages", MessageMutants.Duplicates::new),
    /** A message is delivered after the one that followed it. */
    SWAPS_TWO_MESSAGES("Messages", MessageMutants.Swaps::new),
    /** Messages of length 0 are not delivered. */
    LOSES_EMPTY_MESSAGES("shouldDeliverEmptyMessagesWhenSent", MessageMutants.LosesEmpty::new),
    /** The last byte of a message that ends with the ring is wrong. */
    CORRUPTS_AT_THE_WRAP("shouldKeepContentWhenLengthsMoveAroundTheWrap", MessageMutants.CorruptsAtTheWrap::new),
    /** An aborted claim is sent. */
    DELIVERS_ABORTED_CLAIMS("shouldShowNothingAndLoseNoSpaceWhenClaimsAreAborted",
            MessageMutants.DeliversAborted::new),
    /** An aborted claim's space does not come back. */
    LEAKS_CREDIT_ON_ABORT("shouldShowNothingAndLoseNoSpaceWhenClaimsAreAborted", MessageMutants.LeaksCredit::new),
    /** No message is too large. */
    ACCEPTS_TOO_LARGE("shouldTakeTheLongestAndRefuseLongerMessages", MessageMutants.AcceptsTooLarge::new),
    /** What was refused with BACK_PRESSURED is sent later all the same. */
    SENDS_DESPITE_BACK_PRESSURE("shouldDeliverOnlyWhatWasAcceptedWhenBackPressured", MessageMutants.SendsRefused::new),
    /** A message's space goes back before its handler is called. */
    REUSES_VIEWS_EARLY("Delivery", MessageMutants.ReusesViews::new),
    /** ABORT consumes the message. */
    CONSUMES_ABORTED_MESSAGES("Delivery", MessageMutants.ConsumesAborted::new),
    /** When a handler throws, the next message is lost, too. */
    RELEASES_TWICE_ON_EXCEPTION("Delivery", MessageMutants.ReleasesTwice::new),
    /** When a handler throws, it gets the same message again. */
    RELEASES_NOT_ON_EXCEPTION("Delivery", MessageMutants.ReleasesNot::new),
    /** A commit allocates. */
    ALLOCATES_PER_OPERATION("Allocation", MessageMutants.Allocates::new),
    /** Every 5th completion comes twice. */
    COMPLETES_TWICE("Completions", EventMutants.CompletesTwice::new),
    /** Cookies come back as 32 bits. */
    TRUNCATES_COOKIES("shouldShowTheSameValueWhenSignalled",
            EventMutants.TruncatesCookies::new),
    /** FLUSHED is not delivered. */
    LOSES_FLUSHED("Faults", EventMutants.LosesFlushed::new),
    /** onDisconnect is called twice. */
    DISCONNECTS_TWICE("Faults", EventMutants.DisconnectsTwice::new),
    /** onDisconnect is called before the last completions. */
    DISCONNECTS_NOT_LAST("Faults", EventMutants.DisconnectsNotLast::new),
    /** A connection that has ended is never forgotten. */
    KEEPS_THE_DEAD("shouldLetGoOfConnectionsWhenTheyHaveEnded", EventMutants.KeepsDead::new),
    /** onWritable is never called. */
    NEVER_WRITABLE("Completions", EventMutants.NeverWritable::new),
    /** onWritable is called twice. */
    WRITABLE_TWICE("Completions", EventMutants.WritableTwice::new),
    /** The bytes of an immediate are swapped. */
    SWAPS_IMMEDIATE_BYTES("Immediates", EventMutants.SwapsImmediate::new),
    /** The highest bit of an immediate is lost. */
    LOSES_IMMEDIATE_SIGN("Immediates", EventMutants.LosesSign::new),
    /** An immediate that its handler aborted is lost. */
    LOSES_ABORTED_IMMEDIATES("Immediates", EventMutants.LosesAbortedImmediate::new),
    /** onEnd is never called. */
    NEVER_ENDS("Ending", EventMutants.NeverEnds::new),
    /** NO_COMPLETION completes. */
    REPORTS_SILENT_OPERATIONS("Completions", OperationMutants.ReportsSilent::new),
    /** NO_COMPLETION hides failures. */
    HIDES_SILENT_FAILURES("Completions", OperationMutants.HidesSilentFailures::new),
    /** A posting call runs the handler. */
    COMPLETES_IN_THE_POSTING_CALL("Completions", OperationMutants.CompletesInPost::new),
    /** A write completes before its bytes are placed. */
    COMPLETES_BEFORE_PLACEMENT("OneSided", OperationMutants.CompletesBeforePlacement::new),
    /** The result of a long operation is that of its first part. */
    MISCOUNTS_LONG_OPERATIONS("Immediates", OperationMutants.MiscountsLong::new),
    /** A message does not wait for the rest of a long write. */
    MESSAGES_OVERTAKE_WRITES("shouldKeepTheOrderWhenWritesWithImmediatesAndMessagesMix",
            OperationMutants.MessagesOvertake::new),
    /** A read does not wait for the rest of a long write. */
    READS_OVERTAKE_WRITES("Ordering", OperationMutants.ReadsOvertake::new),
    /** FENCE means nothing. */
    IGNORES_FENCES("Ordering", OperationMutants.IgnoresFences::new),
    /** An immediate arrives before its bytes. */
    IMMEDIATE_BEFORE_BYTES("Immediates", OperationMutants.ImmediateFirst::new),
    /** An operation pends for ever. */
    IGNORES_OPERATION_TIMEOUTS("shouldEndTheConnectionOrRefuseWhenSendsFindNoRoom",
            OperationMutants.IgnoresTimeouts::new),
    /** A wakeup before the await is forgotten. */
    FORGETS_WAKEUPS("shouldReturnAtOnceWhenTheWakeUpCameFirst", OperationMutants.ForgetsWakeups::new),
    /** Every 20th time nobody wakes the sleeper. */
    LOSES_WAKE_UPS("shouldNotLoseAWakeUpInSomePingPongs", OperationMutants.LosesWakeUps::new),
    /** The end of the output overtakes what was accepted before. */
    ENDS_BEFORE_THE_LAST_MESSAGE("shouldEndLastWhenTheOutputIsShutDownWithSendsWaiting",
            OperationMutants.EndsEarly::new),
    /** What was pending at the end of the output is dropped. */
    DROPS_THE_TAIL_AT_SHUTDOWN("Ending", OperationMutants.DropsTail::new),
    /** close() returns before local memory is released. */
    CLOSE_RETURNS_EARLY("Faults", OperationMutants.CloseReturnsEarly::new),
    /** The reason of a rejection does not travel. */
    LOSES_REJECT_REASONS("shouldThrowWithCodeAndReasonWhenRefused", OperationMutants.LosesReason::new),
    /** An atomic addition is a load and a store. */
    ATOMICS_TEAR("Atomics", MemoryMutants.Tears::new),
    /** A swap results in the new value. */
    SWAP_RESULT_IS_NEW_VALUE("Atomics", MemoryMutants.WrongOldValue::new),
    /** The owner lets an access end one byte beyond the grant. */
    GRANTED_BOUND_OFF_BY_ONE("Access", MemoryMutants.GrantedBound::new),
    /** The initiator takes an access for one inside that ends one byte beyond. */
    LOCAL_BOUND_OFF_BY_ONE("Results", MemoryMutants.LocalBound::new),
    /** A closed grant is good. */
    IGNORES_REVOCATION("shouldEndTheConnectionWhenARevokedGrantIsUsed", MemoryMutants.IgnoresRevocation::new),
    /** A grant to another connection is good. */
    ACCEPTS_KEYS_OF_OTHERS("shouldRefuseWhenTheGrantIsOfAnotherConnection", MemoryMutants.AcceptsForeignKeys::new),
    /** Every right is granted. */
    IGNORES_RIGHTS("Access", MemoryMutants.IgnoresRights::new),
    /** A region closes under an operation. */
    CLOSES_REGIONS_IN_USE("Completions", MemoryMutants.ClosesInUse::new),
    /** The part of a file beyond its last whole page is not read. */
    LOSES_FILE_TAILS("Files", MemoryMutants.LosesTail::new),
    /** Zeros in a file leave what was there. */
    SKIPS_FILE_HOLES("Files", MemoryMutants.SkipsHoles::new),
    /** A file that is too short counts as read. */
    HIDES_TRUNCATION("Files", MemoryMutants.HidesTruncation::new);

    private final String killer;
    @SuppressWarnings("ImmutableEnumChecker") // constructors, which have no state
    private final Supplier<Steps> steps;

    Mutant(String killer, Supplier<Steps> steps) {
        this.killer = killer;
        this.steps = steps;
    }

    /** What is run first: a theme or a test. */
    public String killer() {
        return killer;
    }

    /** What to open. */
    public String uri() {
        return "mutant://" + name().toLowerCase(Locale.ROOT);
    }

    Steps steps() {
        return steps.get();
    }
}
