/// What the columns of the truth mean, written beside them.
enum TruthReadme {
    static var text: String {
        let faults = Fault.allCases.map { "  \($0.name)\($0.isBroken ? "  (ingest must set the row aside)" : "")" }
        return opening + faults.joined(separator: "\n") + "\n"
    }

    private static let opening = """
        The truth of a simulated region. None of these people exist. All NIK and family numbers begin with 3599, a regency
        that does not exist. Nothing here is known to any agency; the agencies' files lie in ../agencies.
        Encoding UTF-8, fields separated by commas, first line the header, 1 is yes and 0 is no, amounts in rupiah,
        dates YYYY-MM-DD. How all this was made: docs/simulator.md.

        families.csv, one line a family
          family_id             F and a number, from F0000001
          family_number         the number of the present family card
          old_family_number     the one before a split or a new recording; where the family split from another of the
                                village, that family's present number
          village, terrain      where it lives; urban, rural or remote
          old_village           the village that it moved from within the last three years
          persons               how many live there
          consumption_per_head  true consumption a head and month
          decile                true rank by consumption a head, 1 the poorest tenth of the simulated families
          agency_decile         the decile in DTSEN; empty where there is none
          surveyed              the day of the entry in DTSEN; empty where the family is not in it. Whoever split from another
                                family after that day stands in DTSEN under that family's number, with no row of its own
          has_component         someone is pregnant, 0 to 6 years old, a pupil of SD, SMP or SMA, 60 or older, or severely
                                disabled
          is_excluded           someone is paid or pensioned by the state or earns more than the minimum wage, or the
                                family owns a car
          entitled_pkh          decile 1 to 4, has_component and not is_excluded
          entitled_sembako      decile 1 to 5 and not is_excluded
          receives_pkh, receives_sembako
                                on the earlier recipient lists
          cars, motorcycles, volt_ampere, certified_land_m2
                                what it owns and uses

        persons.csv, one line a person; the dead and those who moved out stand with their former family
          person_id             P and a number, from P0000001
          family_id             the family
          nik                   the true NIK, no two alike; its date is the one first registered, which in four of a
                                thousand was corrected since without the NIK
          name, mother_name     in capitals
          birth_date            the true one
          registered_birth_date the one that the civil registry holds
          sex, relation         relation to the head of the family
          alive, moved_out      0 in alive: dead; 1 in moved_out: lives in another regency
          event_date            the day of death, of moving out or of moving in
          schooling, school     never, enrolled or left; the present school or the highest that was left
          work                  what the person lives by
          paid_by_state, wage_above_minimum, pregnant, disability, chronically_ill

        rows.csv, one line for each row of each agency's file
          source                the agency's file without .csv
          line                  the line in it; the header is line 1
          person_id             whom the row is about: where its name is someone else's (other-person), the member of the
                                family whom a linkage should find
          family_id             that person's family
          faults                what is wrong, separated by blanks; empty where all is right. The kinds:

        """
}
