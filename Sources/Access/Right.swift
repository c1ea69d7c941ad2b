/// Something that somebody may do, in the regions of a duty.
///
/// A right is named after what it lets one do, as the journal names actions: `noun.verb`.
public enum Right: String, Sendable, CaseIterable {
    /// Ask whether a person is known, and see whom the register lists that could be meant.
    case findPersons = "person.find"
    /// See rows that may speak of somebody beside that person, and say whether they do.
    case reviewLinks = "link.review"
    /// Put a changed version of a programme in force.
    case forceRules = "rules.force"
    /// Make accounts, give and end duties, suspend and unlock.
    case manageAccounts = "account.manage"
    /// Read the journal: who did what to what, and why.
    case readJournal = "journal.read"
}
