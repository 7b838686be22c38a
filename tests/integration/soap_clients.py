"""Foreign SOAP clients: PHP's and Perl's, fetched from the system's packages where they are missing."""

import os
import subprocess
import sys
from pathlib import Path

PHP = r"""<?php
$client = new SoapClient(getenv('WSDL'), ['login' => getenv('KEY_ID'), 'password' => getenv('KEY_SECRET'),
    'soap_version' => getenv('SOAP') === '1.2' ? SOAP_1_2 : SOAP_1_1, 'cache_wsdl' => WSDL_CACHE_NONE]);
try {
    $answer = $client->Claim(json_decode(getenv('CLAIM'), true));
    echo json_encode(['state' => $answer->state, 'document' => $answer->document, 'receipt' => $answer->receipt]);
} catch (SoapFault $fault) {
    echo json_encode(['fault' => $fault->faultcode, 'text' => $fault->faultstring, 'detail' => $fault->detail]);
}
"""
PERL = r"""
use SOAP::Lite;
use JSON::PP;
sub SOAP::Transport::HTTP::Client::get_basic_credentials { return $ENV{KEY_ID} => $ENV{KEY_SECRET}; }
my $service = SOAP::Lite->service($ENV{WSDL});  # address, operations and actions are the WSDL's
$service->soapversion($ENV{SOAP})->on_fault(sub {});
$service->want_som(1);
my $document = decode_json($ENV{DOCUMENT});
my $claim = SOAP::Data->name($document->{name})->attr($document->{attributes});
my $answer = $service->_call($claim, SOAP::Data->type('xml' => $document->{inner}));  # a stub sets no attributes
die "no answer" unless ref $answer;
print encode_json($answer->fault
    ? {fault => scalar($answer->valueof('//faultcode') // $answer->valueof('//Fault/Code/Value'))}
    : {state => scalar $answer->valueof('//state')});
"""
_PROBES = {
    "php": (("php", "-r", "exit(class_exists('SoapClient') ? 0 : 1);"), ("php-cli", "php-soap")),
    "perl": (("perl", "-MSOAP::Lite", "-MJSON::PP", "-e", "1"), ("libsoap-lite-perl",)),
}


def ensured(language: str) -> None:
    """See that a language and its SOAP client are there; a system administrator's account installs what is missing."""
    probe, packages = _PROBES[language]
    if _runs(*probe):
        return
    sys.stderr.write(f"installing {', '.join(packages)} for the SOAP tests, once\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("apt-get", "update", "-q"), ("apt-get", "install", "-q", "-y", *packages)):
        subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL, timeout=150)
    assert _runs(*probe), f"{language} has no SOAP client; install {', '.join(packages)}"


def _runs(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 0
    except FileNotFoundError:
        return False


def called(language: str, folder: Path, **said: str) -> str:
    """What a client prints: JSON."""
    suffix, program = (".php", PHP) if language == "php" else (".pl", PERL)
    script = folder / f"client{suffix}"
    script.write_text(program)
    done = subprocess.run(
        (language, str(script)), check=False, capture_output=True, text=True, timeout=60, env={**os.environ, **said}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
