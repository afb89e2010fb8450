"""`gridapp --self-test --out FILE`: proves an installed program on the machine it stands on, with made-up people in a folder that goes again."""
