// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

/**
 * What in a command line may be a secret, as data. Whoever shows too little loses a word; whoever shows too much gives a
 * password away: in doubt it is one.
 */
final class Secrets {
    /** An option, variable, header or key whose name holds one of these has a secret value. */
    static final String[] NAMES = {
        "password",
        "passwd",
        "passphrase",
        "passwort",
        "secret",
        "token",
        "apikey",
        "api-key",
        "api_key",
        "accesskey",
        "access-key",
        "access_key",
        "accountkey",
        "privatekey",
        "private-key",
        "private_key",
        "credential",
        "creds",
        "authorization",
        "cookie",
        "signature",
        "bearer",
        "x-auth",
        "auth-key",
        "authkey",
        "sharedaccesskey",
        "sessionid",
        "session-id",
        "session_id",
        "pwd=",
        "x-amz-security",
    };

    /** Whole names, which as a part of others say nothing. */
    static final String[] WHOLE_NAMES = {"pass", "pwd", "auth", "sig", "key", "pw", "passin", "passout", "pgpassfile"};

    /** A name that holds one of these says where the secret is, not what it is. */
    static final String[] HARMLESS = {
        "file", "stdin", "path", "-dir", "tokeniz", "no-", "expir", "-cache", "max-token", "helper", "-type", "key-id"
    };

    /** An option whose value is {@code user:password}. */
    static final String[] USERS = {"-u", "--user", "--proxy-user", "-U"};

    /** Words that are secrets wherever they stand, by how they begin: tokens of Docker, GitHub, GitLab, Slack, AWS, a JWT. */
    static final String[] TOKENS = {
        "dckr_pat_",
        "dckr_oat_",
        "ghp_",
        "gho_",
        "ghs_",
        "ghu_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "xoxb-",
        "xoxp-",
        "AKIA",
        "ASIA",
        "eyJ",
        "sk-",
        "hvs.",
        "npm_",
        "pypi-",
    };

    /** Shorter words that begin like a token are none. */
    static final int TOKEN_LENGTH = 16;

    /**
     * Short options whose value is a secret: program, option, whether the value may be the next word, whether it may be
     * attached, whether only behind the word login. A program that ends with * stands for all that begin so.
     */
    record ShortOption(String program, String option, boolean next, boolean attached, boolean login) {
        ShortOption(String program, String option, boolean next, boolean attached) {
            this(program, option, next, attached, false);
        }
    }

    static final ShortOption[] SHORT = {
        new ShortOption("mysql*", "-p", false, true),
        new ShortOption("mariadb*", "-p", false, true),
        new ShortOption("sshpass", "-p", true, true),
        new ShortOption("docker", "-p", true, false, true),
        new ShortOption("podman", "-p", true, false, true),
        new ShortOption("nerdctl", "-p", true, false, true),
        new ShortOption("buildah", "-p", true, false, true),
        new ShortOption("skopeo", "-p", true, false, true),
        new ShortOption("crane", "-p", true, false, true),
        new ShortOption("oras", "-p", true, false, true),
        new ShortOption("helm", "-p", true, false, true),
        new ShortOption("az", "-p", true, false, true),
        new ShortOption("redis-cli", "-a", true, true),
        new ShortOption("mongo*", "-p", true, true),
        new ShortOption("ldap*", "-w", true, true),
        new ShortOption("sqlcmd", "-P", true, true),
        new ShortOption("bcp", "-P", true, true),
        new ShortOption("tsql", "-P", true, true),
        new ShortOption("mosquitto_*", "-P", true, false),
        new ShortOption("rabbitmqadmin", "-p", true, true),
        new ShortOption("ipmitool", "-P", true, true),
        new ShortOption("zip", "-P", true, true),
        new ShortOption("unzip", "-P", true, true),
        new ShortOption("7z*", "-p", false, true),
        new ShortOption("snmp*", "-A", true, false),
        new ShortOption("snmp*", "-X", true, false),
        new ShortOption("snmp*", "-c", true, false),
        new ShortOption("curl", "-b", true, true),
        new ShortOption("vncviewer", "-p", true, false),
        new ShortOption("lftp", "-u", true, false),
    };

    private Secrets() {}

    /** Whether what a name of an option, variable, header or key stands for is a secret; the name in lower case, bare. */
    static boolean isName(String name) {
        for (String whole : WHOLE_NAMES) {
            if (name.equals(whole)) {
                return true;
            }
        }
        boolean secret = false;
        for (String part : NAMES) {
            secret |= name.contains(part);
        }
        if (!secret) {
            return false;
        }
        for (String part : HARMLESS) {
            if (name.contains(part)) {
                return false;
            }
        }
        return true;
    }

    static boolean isUser(String option) {
        for (String user : USERS) {
            if (option.equals(user)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a token begins here. */
    static boolean isToken(String text, int at) {
        for (String token : TOKENS) {
            if (text.startsWith(token, at)) {
                return true;
            }
        }
        return false;
    }
}
