package io.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetRulesTest {
    private final TargetRules rules = new TargetRules(Set.of("Intern.example", "127.0.0.1"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.2",
                "127.255.255.254",
                "169.254.169.254",
                "169.254.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "239.255.255.250",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:8.8.8.8",
                "::8.8.8.8",
                "64:ff9b::8.8.8.8",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:2::1",
                "2001:10::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "3fff::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "4000::1",
                "::ffff:127.0.0.1",
                "::ffff:a9fe:a9fe"
            })
    void anAddressThatIsNotPublicIsNoTarget(String address) {
        assertThat(rules.refusal(address, List.of(InetAddress.ofLiteral(address))))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.1.1.1",
                "128.0.0.1", "169.253.1.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "198.17.0.1", "198.20.0.1",
                "223.255.255.254", "2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "3ffe::1"
            })
    void aPublicAddressIsATarget(String address) {
        assertThat(rules.refusal("example.com", List.of(InetAddress.ofLiteral(address))))
                .isEmpty();
    }

    @Test
    void oneAddressThatIsNotPublicIsEnoughToRefuseAHost() {
        assertThat(rules.refusal(
                        "example.com", List.of(InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("10.0.0.1"))))
                .contains("example.com is not on the public internet");
        assertThat(rules.refusal("example.com", List.of())).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "gopher://example.com/",
                "https:///hook",
                "https://user@example.com/",
                "https://user:pass@example.com/",
                "https://example.com/#part",
                "mailto:a@example.com",
                "/hook",
                "https://example.com:22/",
                "https://example.com:25/",
                "https://example.com:0/",
                "https://exa_mple.com/",
                "HTTP://example.com/"
            })
    void aTargetOfAnotherFormIsRefused(String target) {
        assertThat(rules.refusal(URI.create(target))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "https://example.com/hook?a=b",
                "HTTPS://example.com:443/",
                "https://example.com:8443/",
                "http://intern.example:81/",
                "http://INTERN.example./",
                "http://127.0.0.1/"
            })
    void aTargetOfTheWebOrOfANamedHostIsTaken(String target) {
        assertThat(rules.refusal(URI.create(target))).isEmpty();
    }

    /// However an address is written, it is judged by what it stands for.
    @ParameterizedTest
    @ValueSource(strings = {"2130706434", "127.2", "0x7f.0.0.2", "0x7f000002", "localhost"})
    void anotherWayOfWritingAnAddressLeadsNowhereElse(String host) {
        List<InetAddress> addresses;
        try {
            addresses = List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException nobody) {
            addresses = List.of();
        }
        assertThat(rules.refusal(host, addresses)).isPresent();
    }

    @Test
    void aNamedHostMayHaveAnyAddress() {
        assertThat(rules.refusal("intern.EXAMPLE.", List.of(InetAddress.ofLiteral("10.0.0.1"))))
                .isEmpty();
        assertThat(rules.refusal("not.intern.example", List.of(InetAddress.ofLiteral("10.0.0.1"))))
                .isPresent();
    }
}
