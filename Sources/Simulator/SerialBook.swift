import Journal

/// Serials of NIK or family numbers: they run from 0001 in each district and for each date.
struct SerialBook {
    private let districts: [Int]
    private var last: [UInt16]
    private static let cells = 2 * 31 * 12 * 100

    init(districts: [Int]) {
        self.districts = districts
        last = [UInt16](repeating: 0, count: districts.count * Self.cells)
    }

    /// The next number of a district and date; 40 is added to the day of birth of women.
    mutating func issue(district: Int, day: Int, isFemale: Bool) -> UInt64 {
        let date = CalendarDate(day: day).components
        let cell = (((isFemale ? 1 : 0) * 31 + date.day - 1) * 12 + date.month - 1) * 100 + date.year % 100
        var district = district
        // A full page goes on in the next district's book, as it would in a real office only after ten thousand births.
        for _ in districts where last[district * Self.cells + cell] == 9999 {
            district = (district + 1) % districts.count
        }
        last[district * Self.cells + cell] += 1
        var number: UInt64 = 3599
        number = number * 100 + UInt64(districts[district])
        number = number * 100 + UInt64(date.day + (isFemale ? 40 : 0))
        number = number * 100 + UInt64(date.month)
        number = number * 100 + UInt64(date.year % 100)
        return number * 10_000 + UInt64(last[district * Self.cells + cell])
    }
}
