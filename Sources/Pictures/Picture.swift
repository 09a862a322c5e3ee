import Documents
import Foundation

/// A drawn plot as a part of a page.
public struct Picture: Sendable {
    let plot: Plot
    let svg: Data

    /// - Parameter svg: as ``Gnuplot`` drew it.
    public init(plot: Plot, svg: Data) { (self.plot, self.svg) = (plot, svg) }

    /// As an address that holds the picture itself. A picture in an `img` element can neither run anything nor load anything.
    private var address: String { "data:image/svg+xml;base64,\(svg.base64EncodedString())" }

    private var alternative: String { "\(plot.title). \(plot.description)".escapedForMarkup }

    /// The `img` element.
    public var image: String {
        "<img src=\"\(address)\" width=\"\(plot.width)\" height=\"\(plot.height)\" alt=\"\(alternative)\">"
    }

    /// A figure that is set otherwise on a telephone.
    public static func figure(wide: Picture, narrow: Picture) -> String {
        """
        <figure><picture>
        <source media="(max-width: 640px)" width="\(narrow.plot.width)" height="\(narrow.plot.height)" srcset="\(narrow.address)">
        \(wide.image)
        </picture>
        <figcaption>\(wide.plot.title.escapedForMarkup). All its figures stand in the table.</figcaption></figure>

        """
    }
}
