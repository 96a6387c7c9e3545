"""cloudclinic"""
