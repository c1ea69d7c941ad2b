import Foundation

/// A file that never changes under its address, because the address holds a digest of its content.
struct Asset: Sendable {
    let path: Link
    let mediaType: String
    let bytes: [UInt8]

    init(name: String, extension suffix: String, mediaType: String, content: String) {
        bytes = Array(content.utf8)
        self.mediaType = mediaType
        // FNV-1a: the digest tells versions apart, it protects nothing.
        let digest = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        path = Link("aset", "\(name)-\(String(digest, radix: 36)).\(suffix)")
    }

    static let stylesheet = Asset(
        name: "tepat", extension: "css", mediaType: "text/css; charset=utf-8", content: Stylesheet.text)
    static let icon = Asset(
        name: "tepat", extension: "svg", mediaType: "image/svg+xml",
        content: String(decoding: Logo.icon.bytes, as: UTF8.self))
    static let all = [stylesheet, icon]
}

/// The site's one style sheet.
enum Stylesheet {
    static let text: String =
        (":root{color-scheme:light dark;\(Palette.light.properties)}"
        + "@media(prefers-color-scheme:dark){:root{\(Palette.dark.properties)}}" + rules)
        .replacing(/\n\s*/, with: "")

    private static let rules = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
        body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,Roboto,'Noto Sans','Segoe UI',sans-serif;
         display:flex;flex-direction:column;min-height:100vh}
        main{flex:1}
        .in{width:100%;max-width:72rem;margin:0 auto;padding:0 1.125rem}
        .text{max-width:42rem}
        h1,h2,h3{line-height:1.2;margin:0 0 .6em;text-wrap:balance;letter-spacing:-.012em}
        h1{font-size:clamp(1.75rem,1.35rem + 2vw,2.75rem);font-weight:750}
        h2{font-size:clamp(1.3rem,1.15rem + .8vw,1.75rem);font-weight:700}
        h3{font-size:1.0625rem;font-weight:700}
        p,ul,ol,dl{margin:0 0 1em}
        ul,ol{padding-left:1.25em}
        li{margin:.25em 0}
        a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.08em}
        a:hover{text-decoration-thickness:.16em}
        :focus-visible{outline:3px solid var(--focus);outline-offset:3px;border-radius:3px}
        .lead{font-size:1.1875rem;color:var(--soft);max-width:36em}
        .soft{color:var(--soft);font-size:.9375rem}
        .skip{position:absolute;left:-99rem;background:var(--card);color:var(--link);padding:.75rem 1rem;z-index:9}
        .skip:focus{left:.5rem;top:.5rem}
        .demo{background:var(--mark);color:var(--ink);font-size:.875rem;text-align:center;padding:.35rem 1rem}
        .top{background:var(--band);color:var(--on-band);border-bottom:4px solid var(--sun)}
        .top .in{display:flex;flex-wrap:wrap;align-items:center;gap:.1rem 1.25rem;padding-top:.55rem;padding-bottom:.3rem}
        .top a{color:inherit;text-decoration:none}
        .top :focus-visible{outline-color:var(--on-band)}
        .brand{display:flex;align-items:center;gap:.65rem;padding:.3rem 0;min-height:48px}
        .brand svg{width:38px;height:38px;flex:none}
        .brand strong{display:block;font-size:1.35rem;line-height:1.1;letter-spacing:-.02em}
        .brand span{font-size:.8125rem;line-height:1.25}
        .top nav{display:flex;margin-left:-.6rem;order:3;flex-basis:100%}
        .top nav a{padding:.55rem .6rem;white-space:nowrap;min-height:44px;border-bottom:3px solid transparent}
        .top nav a:hover{text-decoration:underline}
        .top nav a[aria-current]{border-color:var(--sun);font-weight:650}
        .tongue{margin-left:auto;padding:.6rem 0;font-size:.9375rem}
        .top .tongue{text-decoration:underline}
        .logo-ring{fill:none;stroke:currentColor;stroke-width:5}
        .logo-arrow{fill:none;stroke:var(--sun);stroke-width:7;stroke-linecap:round;stroke-linejoin:round}
        .logo-dot{fill:var(--sun)}
        .hero{background:var(--sky);position:relative;overflow:hidden}
        .hero .in{position:relative;padding-top:2.25rem;padding-bottom:13.5rem}
        .hero h1{max-width:15em}
        .hero .lead{color:var(--ink)}
        .scene{position:absolute;left:0;right:0;bottom:0;width:100%;height:14rem;display:block;overflow:visible}
        .s-sun{fill:var(--sun)}.s-ring{fill:none;stroke:var(--sun);stroke-width:3;opacity:.5}
        .s-far{fill:var(--far)}.s-middle{fill:var(--middle)}.s-near{fill:var(--near)}
        .acts{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.25rem 0 0}
        .button{display:inline-block;background:var(--action);color:var(--on-action);border:2px solid var(--action);border-radius:.5rem;
         padding:.75rem 1.35rem;font:inherit;font-weight:650;text-decoration:none;cursor:pointer;min-height:48px;text-align:center}
        .button:hover{text-decoration:underline}
        .quiet{background:var(--card);color:var(--link)}
        .part{padding-top:2.25rem;padding-bottom:1.25rem}
        .grid{display:grid;gap:1rem;padding:0;margin:0 0 1rem;list-style:none}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem;margin:0}
        .card>:last-child{margin-bottom:0}
        .steps{counter-reset:s}
        .steps .card{counter-increment:s}
        .steps .card::before{content:counter(s);display:grid;place-items:center;width:2.25rem;height:2.25rem;border-radius:50%;
         background:var(--band);color:var(--on-band);font-weight:700;margin-bottom:.75rem;box-shadow:0 0 0 3px var(--card),0 0 0 5px var(--sun)}
        .plain>div{border-top:2px solid var(--sun);padding-top:.9rem}
        .call{display:flex;flex-wrap:wrap;gap:1rem 2rem;align-items:center;justify-content:space-between}
        .call>div{flex:1 1 18rem}
        .field{border:0;padding:0;margin:0 0 1.4rem;min-width:0}
        .field label,.field legend{display:block;font-weight:650;padding:0}
        .hint{display:block;color:var(--soft);font-size:.9375rem;margin-bottom:.35rem}
        .field input,textarea{display:block;width:100%;max-width:22rem;font:inherit;font-size:1.25rem;letter-spacing:.04em;font-variant-numeric:tabular-nums;
         padding:.6rem .75rem;min-height:52px;color:var(--ink);background:var(--card);border:2px solid var(--soft);border-radius:.5rem}
        .field input:focus{outline:3px solid var(--focus);outline-offset:2px}
        textarea,.field .wide{max-width:none;font:1rem/1.4 ui-monospace,monospace;letter-spacing:0}
        .scroll+h3,figure+h3,ul+h3{margin-top:1.75rem}
        .file{display:block;white-space:pre;padding:1rem;font-size:.8125rem}
        .date{display:flex;gap:.75rem}
        .date label{font-weight:400;font-size:.9375rem}
        .date div{width:5.5rem}
        .date div:last-child{width:7.5rem}
        .bad input,input.bad{border-color:var(--error)}
        .wrong{display:block;color:var(--error);font-weight:650;margin-bottom:.35rem}
        .errors{border:3px solid var(--error);border-radius:.75rem;background:var(--card);padding:1.1rem 1.25rem;margin-bottom:1.5rem}
        .errors h2{font-size:1.25rem}
        .errors ul{margin:0}
        .errors a{color:var(--error);font-weight:650}
        .ask{max-width:42rem;margin-bottom:1.5rem}
        .verdict{position:sticky;bottom:0;max-width:none;background:var(--card);border-top:3px solid var(--sun);padding:.5rem 1rem;margin:1.5rem 0 0}
        .verdict h2{font-size:1.125rem;margin:0;outline:0}
        .verdict .acts{margin:.5rem 0;gap:.5rem}
        .sides{border-collapse:collapse;width:100%}
        .sides th,.sides td{vertical-align:top;text-align:left;padding:.4rem .75rem;border-top:1px solid var(--line)}
        .sides .num{text-align:right}
        .raw{font-variant-numeric:tabular-nums;overflow-wrap:anywhere;min-width:9rem}
        @media(max-width:40em){.sides tr{display:grid;grid-template-columns:1fr 1fr;border-top:1px solid var(--line)}\
        .sides th,.sides td{border:0;padding:.2rem .75rem}.sides tbody th{grid-column:1/-1;padding-top:.6rem}\
        .sides thead th:not(:nth-child(2)):not(:nth-child(3)){display:none}.raw{min-width:0}\
        .sides .level,.sides tbody .num{color:var(--soft)}.people thead{display:none}}
        .waterfall{width:100%;max-width:36rem;margin-top:1rem;height:auto;display:block}
        .waterfall text{font-size:14px;fill:var(--ink)}
        .w-name{text-anchor:end}.w-zero{fill:var(--soft)}
        .w-plus{fill:var(--funded)}.w-minus{fill:var(--wait)}.w-sum{fill:var(--open)}
        .guest{display:flex;gap:.75rem;align-items:center;margin-left:auto;font-size:.9375rem}
        .guest a,.top .guest button{text-decoration:underline;padding:.6rem 0;min-height:44px}
        .guest button{background:none;border:0;color:inherit;font:inherit;cursor:pointer}
        .guest+.tongue{margin-left:0}
        .qr-code{width:15rem;max-width:100%;height:auto}.qr-light{fill:#fff}.qr-dark{fill:#000}
        .codes{list-style:none;padding:0;columns:2;max-width:22rem;font-size:1.125rem}
        .inline{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;margin:0 0 .75rem}
        .inline .field{margin:0;flex:1 1 12rem}
        select{font:inherit;padding:.6rem .75rem;min-height:52px;color:var(--ink);background:var(--card);border:2px solid var(--soft);border-radius:.5rem;max-width:100%}
        .who{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:0 0 1.5rem}
        .who dt{color:var(--soft);font-size:.875rem}
        .who dd{margin:0;font-weight:650}
        .answer{background:var(--card);border:1px solid var(--line);border-radius:.75rem;margin:0 0 1.5rem;overflow:hidden}
        .answer>*{padding:0 1.25rem}
        .answer>header{padding:1.15rem 1.25rem;margin-bottom:1.25rem;background:var(--out-bg);color:var(--out);border-left:8px solid}
        .answer h2{margin:0 0 .3rem;font-size:1rem;letter-spacing:0}
        .state{font-size:clamp(1.3rem,1.1rem + 1.2vw,1.8rem);font-weight:750;line-height:1.25;margin:0;letter-spacing:-.012em;text-wrap:balance}
        .answer .funded{background:var(--funded-bg);color:var(--funded)}
        .answer .waitlisted{background:var(--wait-bg);color:var(--wait)}
        .answer .undetermined{background:var(--open-bg);color:var(--open)}
        .answer section,.answer details{margin-bottom:1.25rem}
        .answer .notice{margin:0 1.25rem 1.25rem;padding:.9rem 1rem;border:2px solid var(--wait);border-radius:.5rem}
        .notice h3{margin-top:0}
        .notice p:last-child{margin-bottom:0}
        .answer>footer{border-top:1px solid var(--line);padding-top:.75rem;padding-bottom:.75rem}
        .answer>footer p{margin:0}
        .sum{font-size:1.75rem;font-weight:750;margin:0;line-height:1.2;font-variant-numeric:tabular-nums}
        .made{border-collapse:collapse;margin-top:.6rem;width:100%;max-width:24rem}
        .made th,.made td{padding:.3rem 0;border-top:1px solid var(--line);text-align:left;font-weight:400}
        .made td,.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .made tfoot *{font-weight:700}
        .reasons{list-style:none;padding:0;margin:0}
        .reasons>li{padding:.1rem 0 .1rem .9rem;border-left:3px solid var(--sun);margin:0 0 .9rem}
        .reasons p{margin:0}
        .proof{list-style:none;padding:0;margin:.3rem 0 0}
        .proof li{font-size:.9375rem}
        .todo>li{margin-bottom:.8rem}
        .todo dl{margin:.15rem 0 0;font-size:.9375rem}
        .todo dl div{display:flex;gap:.5rem}
        .todo dt{color:var(--soft);flex:0 0 4rem}
        .todo dd{margin:0}
        summary{cursor:pointer;padding:.6rem 0;font-weight:650;color:var(--link);min-height:44px}
        .picks{display:flex;flex-wrap:wrap;gap:.4rem;margin:0 0 .9rem;align-items:center}
        .picks a{display:inline-flex;align-items:center;padding:.3rem .8rem;min-height:44px;border:1px solid var(--line);border-radius:2rem;background:var(--card);text-decoration:none;font-size:.9375rem}
        .picks a:hover{text-decoration:underline}
        .picks a[aria-current]{background:var(--action);border-color:var(--action);color:var(--on-action);font-weight:650}
        .picks span{color:var(--soft);font-size:.9375rem;margin-right:.3rem}
        .bar{display:block;width:100%;height:1.35rem;border-radius:.3rem;margin:.6rem 0;border:1px solid var(--soft)}
        .b-funded{fill:var(--m4);background:var(--m4)}.b-waitlisted{fill:var(--m2);background:var(--m2)}
        .b-undetermined{fill:var(--sun);background:var(--sun)}.b-ineligible{fill:var(--line);background:var(--line)}
        .key{list-style:none;padding:0;margin:0}
        .key li{display:flex;gap:.55rem;align-items:center;margin:.15rem 0;font-size:.9375rem}
        .key span:first-child{width:.9rem;height:.9rem;border-radius:.2rem;flex:none;border:1px solid var(--soft)}
        .key .num{margin-left:auto}
        figure{margin:0}
        figcaption{padding:.75rem 0}
        .map{display:block;width:100%;height:auto;max-height:46rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.5rem}
        .map path{stroke:var(--soft);stroke-width:1px;stroke-linejoin:round;vector-effect:non-scaling-stroke}
        .map a:hover path,.map a:focus path{stroke:var(--ink);stroke-width:4px}
        .map a:focus{outline:0}
        .map text{display:none;fill:var(--ink);stroke:var(--card);stroke-width:.3em;stroke-linejoin:round;paint-order:stroke;text-anchor:middle;font-weight:600;pointer-events:none}
        .m0{fill:var(--m0);background:var(--m0)}.m1{fill:var(--m1);background:var(--m1)}.m2{fill:var(--m2);background:var(--m2)}
        .m3{fill:var(--m3);background:var(--m3)}.m4{fill:var(--m4);background:var(--m4)}.mn{fill:var(--none);background:var(--none)}
        .scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
        .data{border-collapse:collapse;width:100%;font-size:.9375rem}
        .data caption{text-align:left;padding:.8rem 1rem .4rem;color:var(--soft)}
        .data a{display:inline-block;padding:.3rem 0}
        .data th,.data td{padding:.25rem .8rem;height:2.5rem;border-top:1px solid var(--line);text-align:right}
        .data th:first-child{text-align:left;position:sticky;left:0;background:var(--card)}
        .data thead th{vertical-align:bottom}
        .data thead th:first-child{white-space:nowrap}
        .words th,.words td{text-align:left}
        @media(max-width:40em){.words thead{display:none}.words tr{display:block;padding:.5rem 0;border-top:1px solid var(--line)}\
        .words th,.words td{display:block;border:0;height:auto;overflow-wrap:anywhere}}
        .data tfoot *{font-weight:700}
        .data tbody th{font-weight:500}
        .data :target *{background:var(--mark)}
        .foot{background:var(--card);border-top:1px solid var(--line);margin-top:2.5rem;padding:1.5rem 0}
        .foot .in{display:flex;flex-wrap:wrap;gap:.75rem 3rem;justify-content:space-between}
        .foot p{margin:0 0 .35rem}
        .tel{font-size:1.375rem;font-weight:700}
        @media(min-width:44rem){.two{grid-template-columns:1fr 1fr}.three{grid-template-columns:repeat(3,1fr)}
         .top nav{order:0;flex-basis:auto;margin-left:1rem}.top .in{padding-bottom:0;padding-top:.4rem}.hero .in{padding-top:3.5rem;padding-bottom:15rem}}
        @media(min-width:60rem){.map text{display:block}.pair{display:grid;grid-template-columns:minmax(0,42rem) minmax(16rem,1fr);gap:3rem;align-items:start}.side{display:grid;grid-template-columns:minmax(0,1fr) 15rem;gap:1.5rem;align-items:start}}
        @media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
        @media(forced-colors:active){.map path,.key *,.bar rect{forced-color-adjust:none}}
        @media print{body{background:#fff;color:#000;font-size:11pt}.top nav,.tongue,.skip,.acts,.picks,.scene{display:none!important}
         .top{background:none;color:#000}.answer,.card,tr{break-inside:avoid}.hero .in{padding:0}details>*{display:block}}
        """
}
